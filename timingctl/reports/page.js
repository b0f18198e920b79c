"use strict";
// What the page does where scripts run. Without them it stands as it is: nothing is fetched, and
// all figures were computed before. `told` is what timingctl/reports/scripts.py wrote.
(() => {
  const source = document.getElementById("told");
  const told = source ? JSON.parse(source.textContent) : { charts: [], picks: {} };

  function made(name, attributes = {}, text = "") {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.textContent = text;
    return element;
  }

  // ---- Tables: a header sorts, once up, twice down, three times as it was.

  const UNITS = { d: 86400, h: 3600, m: 60, s: 1 };

  // The number that a cell's words stand for: 4m12s, 63.2%, 1,234, −3.0s; null of none.
  function numberOf(text) {
    const plain = text.replace(/,/g, "").replace(/[−-](?=\d)/g, "-");
    const times = plain.match(/^[+-]?(\d+(\.\d+)?[dhms])+/);
    if (times) {
      const parts = [...times[0].matchAll(/(\d+(?:\.\d+)?)([dhms])/g)];
      const seconds = parts.reduce((sum, [, value, unit]) => sum + value * UNITS[unit], 0);
      return plain.startsWith("-") ? -seconds : seconds;
    }
    const found = plain.match(/^[^\d-]*(-?\d+(\.\d+)?)/);
    return found ? Number(found[1]) : null;
  }

  function compared(one, other, isNumber, sign) {
    if (!isNumber) return sign * one.localeCompare(other, "en", { numeric: true });
    const [left, right] = [numberOf(one), numberOf(other)];
    if (left === null || right === null) return (left === null) - (right === null);
    return sign * (left - right);
  }

  function sortable(table) {
    const [body] = table.tBodies;
    const given = [...body.rows];
    const sums = given.filter((row) => ["All", "Total", "Implausible"].includes(row.cells[0].textContent));
    const free = given.filter((row) => !sums.includes(row));
    const headers = table.tHead ? [...table.tHead.rows[0].cells] : [];
    for (const row of given) row.cells[0].setAttribute("role", "rowheader");
    if (free.length < 2) return;
    headers.forEach((header, place) => {
      if (!header.textContent) return;
      const button = made("button", { type: "button" }, header.textContent);
      header.replaceChildren(button);
      header.setAttribute("scope", "col");
      header.setAttribute("aria-sort", "none");
      button.addEventListener("click", () => {
        const next = { none: "ascending", ascending: "descending", descending: "none" };
        const order = next[header.getAttribute("aria-sort")];
        for (const other of headers) if (other.hasAttribute("aria-sort")) other.setAttribute("aria-sort", "none");
        header.setAttribute("aria-sort", order);
        const isNumber = header.classList.contains("number");
        const sign = order === "descending" ? -1 : 1;
        const sorted = order === "none" ? free : [...free].sort((one, other) =>
          compared(one.cells[place].textContent, other.cells[place].textContent, isNumber, sign));
        body.append(...sorted, ...sums);
      });
    });
  }

  for (const box of document.querySelectorAll(".table")) {
    const heading = box.previousElementSibling;
    box.setAttribute("tabindex", "0");
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", heading ? heading.textContent : "Table");
    sortable(box.querySelector("table"));
  }

  // ---- Charts: drawn again, with values on hover and a legend of buttons.

  const tip = made("div", { id: "vg-tooltip-element", role: "tooltip" });
  document.body.append(tip);

  // Near a dot the pointer is in the dot's cell, of which Vega-Lite tells the names wrongly; the dot
  // itself knows.
  function hover(handler, event, item, given) {
    const value = given && item.isVoronoi ? item.datum.tooltip : given;
    tip.classList.toggle("visible", Boolean(value));
    if (!value) return;
    const list = made("dl");
    for (const [name, said] of Object.entries(value)) list.append(made("dt", {}, name), made("dd", {}, said));
    tip.replaceChildren(list);
    const width = document.documentElement.clientWidth;
    const left = Math.min(event.clientX + 14, width - tip.offsetWidth - 4);
    const above = event.clientY - tip.offsetHeight - 12;
    tip.style.left = `${Math.max(left, 4) + scrollX}px`;
    tip.style.top = `${(above < 4 ? event.clientY + 18 : above) + scrollY}px`;
  }

  const OPTIONS = { mode: "vega-lite", renderer: "svg", actions: false, ast: true, defaultStyle: false, tooltip: hover };

  function swatch(series) {
    const name = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(name, "svg");
    const line = document.createElementNS(name, "line");
    const given = { x1: 0, x2: 28, y1: 6, y2: 6, stroke: series.colour, "stroke-width": 3, "stroke-dasharray": series.dash.join(" ") };
    for (const [key, value] of Object.entries(given)) line.setAttribute(key, value);
    svg.setAttribute("aria-hidden", "true");
    svg.setAttribute("viewBox", "0 0 28 12");
    svg.append(line);
    return svg;
  }

  function legend(chart) {
    const box = made("div", { class: "legend", role: "group", "aria-label": "Show or hide" });
    const hidden = new Set();
    for (const series of chart.series) {
      const button = made("button", { type: "button", "aria-pressed": "true" }, series.name);
      button.prepend(swatch(series));
      button.addEventListener("click", () => {
        if (!hidden.delete(series.name)) hidden.add(series.name);
        button.setAttribute("aria-pressed", String(!hidden.has(series.name)));
        chart.view.signal("hidden", [...hidden]).runAsync();
      });
      box.append(button);
    }
    return box;
  }

  async function draw(chart, figure) {
    const still = figure.querySelector(".still");
    const live = made("div", { class: "live", role: "img", "aria-label": still.firstElementChild.getAttribute("aria-label") });
    const place = made("div");
    live.append(place);
    still.after(live);
    chart.figure = figure;
    figure.dataset.key = chart.key;
    chart.live = live;
    // Copies: Vega marks the rows that it is given, and must not see its marks again.
    chart.given = chart.spec.data ? structuredClone(chart.spec.data.values) : [];
    chart.rows = chart.given;
    try {
      chart.view = (await vegaEmbed(place, chart.spec, OPTIONS)).view;
    } catch (error) {
      live.remove();
      throw error;
    }
    if (chart.series.length) still.before(legend(chart));
    still.hidden = true;
  }

  // ---- A period: a brush on all periods, or two dates, for every trend.

  const PERIOD = { since: "", until: "" };
  let strip = null;
  let inputs = [];

  function periods(chart) {
    const rows = chart.rows.filter((row) => row.which === chart.rows[0].which);
    return rows.map((row, place) => ({
      period: row.period, at: row.at, n: row.n,
      end: place + 1 < rows.length ? rows[place + 1].at : row.at + (place ? row.at - rows[place - 1].at : 86400000),
    }));
  }

  function isChosen({ period }) {
    return (!PERIOD.since || period >= PERIOD.since) && (!PERIOD.until || period <= PERIOD.until);
  }

  // Fit the upright axis to the rows that are shown.
  function fit(chart) {
    if (!chart.fitted) return;
    const shown = chart.rows.filter((row) => row.ms !== null && isChosen(row));
    if (!shown.length) return;
    const seconds = shown.map((row) => Math.max(row.ms, 1000) / 1000);
    const [low, high] = [Math.min(...seconds) / 1.2, Math.max(...seconds) * 1.2];
    const ticks = told.ticks.filter((tick) => low <= tick && tick <= high);
    chart.view.signal("low", low).signal("high", high).signal("ticks", ticks);
  }

  function choose(since, until) {
    PERIOD.since = since;
    PERIOD.until = until;
    inputs[0].value = since;
    inputs[1].value = until;
    for (const chart of told.charts.filter((one) => one.byPeriod && one.view)) {
      fit(chart);
      chart.view.signal("since", since).signal("until", until).runAsync();
    }
    count();
  }

  function count() {
    const rows = periods(strip.trend).filter(isChosen);
    const n = rows.reduce((sum, row) => sum + row.n, 0).toLocaleString("en");
    const span = rows.length ? `${rows[0].period} to ${rows[rows.length - 1].period}` : "no period";
    strip.status.textContent = `${PERIOD.since || PERIOD.until ? span : "all periods"}: ${n} first responses`;
  }

  async function addPeriod(trend) {
    const box = made("div", { class: "period", role: "group", "aria-label": "Period of the trends" });
    const place = made("div");
    const live = made("div", { class: "live", title: "Drag to choose periods" });
    live.append(place);
    const all = periods(trend);
    inputs = ["From", "To"].map((name, end) => {
      const label = made("label", {}, `${name} `);
      const input = made("input", { type: "date", min: all[0].period, max: all[all.length - 1].period });
      input.addEventListener("change", () => {
        const [since, until] = inputs.map((one) => one.value);
        choose(since, until);
      });
      label.append(input);
      box.append(label);
      return input;
    });
    const reset = made("button", { type: "button" }, "All periods");
    const status = made("span", { id: "time", class: "soft", role: "status" });
    box.append(reset, live, status);
    trend.figure.closest(".charts").before(box);
    const spec = { ...told.strip, data: { ...told.strip.data, values: all } };
    const { view } = await vegaEmbed(place, spec, OPTIONS);
    strip = { view, trend, status };
    reset.addEventListener("click", () => {
      choose("", "");
      view.signal("brush_tuple", null).runAsync();
    });
    view.addSignalListener("brush", (name, value) => {
      if (!value || !value.at) return;
      const [low, high] = value.at.map(Number);
      const within = periods(strip.trend).filter((row) => row.at < high && row.end > low);
      if (within.length) choose(within[0].period, within[within.length - 1].period);
    });
    count();
  }

  // ---- Pickers: figures of a client and a channel instead of those of all.

  function showCards(cards) {
    const list = document.querySelector(".cards");
    if (!list) return;
    list.replaceChildren(...cards.map(([value, name]) => {
      const item = made("li");
      item.append(made("b", {}, value), ` ${name}`);
      return item;
    }));
  }

  function show(pick, isAll) {
    showCards(isAll ? told.cards : pick.cards);
    for (const chart of told.charts.filter((one) => one.key && one.view)) {
      const other = isAll ? { reading: chart.reading, columns: {} } : pick.charts[chart.key];
      chart.figure.hidden = !other;
      if (!other) continue;
      chart.rows = chart.given.map((row, place) => {
        const changed = { ...row };
        for (const [name, values] of Object.entries(other.columns)) changed[name] = values[place];
        return changed;
      });
      fit(chart);
      chart.view.data("rows", structuredClone(chart.rows)).runAsync();
      chart.figure.querySelector("figcaption").textContent = other.reading;
      chart.live.setAttribute("aria-label", `${chart.figure.querySelector("h3").textContent}. ${other.reading}`);
    }
    if (strip) {
      strip.view.data("rows", periods(strip.trend)).runAsync();
      count();
    }
  }

  function addPickers(form) {
    const selects = ["client", "channel"].map((name) => form.elements[name]);
    const status = form.querySelector("[role=status]");
    const nothing = { cards: [["0", "answered inbounds"]], charts: {} };
    form.hidden = false;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", () => {
      const key = selects.map((select) => (select ? select.value : "")).join(",");
      show(told.picks[key] || nothing, key === ",");
      status.textContent = key === "," ? "" : "The numbers here and in “Speed and trend” are of this choice; all else is of all.";
    });
    form.reset();
  }

  async function start() {
    const figures = [...document.querySelectorAll("figure")];
    await Promise.all(told.charts.map((chart, place) => draw(chart, figures[place])));
    const trend = told.charts.find((chart) => chart.key === "trend");
    if (trend && trend.view && periods(trend).length > 1) await addPeriod(trend);
    const form = document.querySelector(".pickers");
    if (form) addPickers(form);
    document.documentElement.classList.add("ready");
  }

  if (told.charts.length) start();
  else document.documentElement.classList.add("ready");
})();
