-- Grain: one violation: a job that names a message which Message lacks.
-- Inputs: sending_job, import_message.
select
    'Jobs name a message that Message lacks' as kind,
    'Message' as lacking,
    sending_job.id,
    sending_job.messageId as referencedId
from sending_job
anti join import_message on import_message.id = sending_job.messageId
