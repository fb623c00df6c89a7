SELECT DISTINCT number FROM schema_versions
