-- Grain: one candidate that is shown: the worst, or the one that waits longest, first.
-- Inputs: candidate.
-- Params: $limit (null: all).
select * from candidate order by severity desc, waitMs desc, sinceAt, messageId, jobId limit $limit
