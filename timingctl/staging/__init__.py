"""From exports to staged tables: rename, cast, reject, and account for every row.

The SQL here is derived from the contracts in schemas.py. For each table T it makes

* ``import_T``: grain one row read; the contract's columns, ``file`` (number of the export in
  its list) and ``problem`` (null, or why the row is unusable by itself);
* ``absent_T``: where extras are read: grain one column of the contract that no export has;
* ``duplicate_T``: grain one id under which several usable rows stand, with how many
  (``copies``) and how many different ones (``versions``);
* ``T``: grain one usable row; of exact duplicates the first, of an id with different rows none.
  ``rowNumber`` is its place among the rows read, and stands for its id where many are sorted.
"""
