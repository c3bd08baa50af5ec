# what: DuckDB's httpfs, polars, Delta Lake with writers that meet, and django-storages keep their files in buckets
# lane: clients
# budget: 60
python_tools lake-requirements.txt
debug_program
client lake.py
