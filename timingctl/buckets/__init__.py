"""Exports, events and outputs in a bucket: copied here, worked on as ever, and sent there whole.

``places`` says what a bucket and a key are called, ``services`` reaches a service through
``pyarrow.fs``, ``store`` asks it, ``faults`` says in a sentence why one refuses. ``layout`` lays
the names of a bucket out as files, so that the rules for folders hold; ``chunks`` leaves out the
columns of Parquet that nobody reads; ``copying`` copies. ``putting`` writes a file, ``sending``
replaces an output, all of its files or none. ``mirror`` has it together: a private folder that is
called as the bucket is.
"""
