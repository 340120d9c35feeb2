-- Which column of which model holds which field of the return: as the YAML of the models says.
select
    field_columns.layer,
    field_columns.model,
    field_columns.model_column,
    field_columns.cld_field,
    field_columns.pii
from {{ field_columns_in_project() }} as field_columns
