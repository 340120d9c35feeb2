-- The exposures of this project as data, to hold them against the record of processing.
select
    exposures.exposure,
    exposures.recipient_id,
    exposures.purposes,
    exposures.legal_bases,
    exposures.cadence,
    exposures.models
from {{ exposures_in_project() }} as exposures
