-- Macro: an id without what programs change on the way: case, space around, hyphens and braces of
-- a UUID, zeros in front, and the .0 behind a whole number.
create macro plain_id(id) as
    ltrim(regexp_replace(translate(lower(trim(id)), '-{}', ''), '^([0-9]+)[.]0+$', '\1'), '0')
