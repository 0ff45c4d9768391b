-- Which departments examine a patient: the fact is new, patients and orders that are stored already get it here.
-- May be repeated, as all our migrations.
insert into trefoil.access_patient_code (patient_ref, kind, code)
select distinct linked.patient_ref, 'EXAMINED_BY', o.code
from trefoil.access_resource r
join trefoil.access_own o on o.res_pid = r.res_pid and o.kind = 'DEPARTMENT'
join trefoil.access_patient p on p.patient_ref = r.patient_ref
join trefoil.access_patient linked on linked.person_key = p.person_key
where r.res_type in ('ServiceRequest', 'ImagingStudy')
and not exists (select 1 from trefoil.access_patient_code known where known.patient_ref = linked.patient_ref
    and known.kind = 'EXAMINED_BY' and known.code = o.code);
