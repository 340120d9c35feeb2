"""From a database to a folder of Parquet files: whole or not at all, begun again where it broke off.

    asc-cld land --queries FOLDER --to extracts      the council's own queries, one an extract
    asc-cld land --tables tables.csv --to landed     the tables and columns of a list
    asc-cld land --discover ...                      what the database holds (names and counts), what is missing

`connection` knows how to reach a database and what may be said of it, `catalogue` what it holds, `plans` what is
to be read, `folder` how it gets to its place.
"""
