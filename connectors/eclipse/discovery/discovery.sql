-- What this council's Eclipse uses: counts and labels only, no data of a person. For SQL Server and DuckDB.
-- Run it where the views are and fill the seeds from it, most used first. Each result is one list.

-- 1. form_designs.csv and instance_states.csv: every design and state in use
select designguid, designsubname, instancestate, count(distinct instanceid) as records,
    min(datestarted) as first_started, max(datestarted) as last_started
from formanswerpersonview
group by designguid, designsubname, instancestate
order by count(distinct instanceid) desc;

-- 2. controls.csv: every control answered, and on which design
select designsubname, controlname, count(*) as records,
    sum(case when dateanswervalue is not null then 1 else 0 end) as answered_with_a_date,
    count(distinct answervalue) as different_texts
from formanswerpersonview
group by designsubname, controlname
order by count(*) desc;

-- 3. classification_paths.csv: every path
select classificationpathid, count(*) as records, count(distinct classificationcodeid) as different_codes
from classificationpersonview
group by classificationpathid
order by count(*) desc;

-- 4. reference_types.csv: every type of reference
select referencetypecode, count(*) as records
from referencenumberpersonview
group by referencetypecode
order by count(*) desc;

-- 5. relationship_types.csv: every relationship
select relationship, count(*) as records
from relationshippersonview
group by relationship
order by count(*) desc;
