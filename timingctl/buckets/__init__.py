"""Exports, events and outputs in a bucket: copied here, worked on as ever, and sent there whole.

``places`` says what a bucket and a key are called, ``credentials`` and ``services`` reach a service
through ``pyarrow.fs``, ``faults`` says in a sentence why one refuses. ``layout`` lays the names of
a bucket out as files, so that the rules for folders hold; ``chunks`` leaves out the columns of
Parquet that nobody reads; ``copying`` copies. ``sending`` replaces an output, all of it or none.
``mirror`` has it together: a private folder that is called as the bucket is.
"""
