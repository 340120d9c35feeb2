from dbt.adapters.duckdb.plugins import BasePlugin
class Plugin(BasePlugin):
    def load(self, source_config):
        raise NotImplementedError
