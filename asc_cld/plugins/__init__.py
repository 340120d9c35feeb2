"""dbt-duckdb plugins that prepare the database: private files, pseudonyms."""
