-- Grain: one channel of messages, as in sql/staging; it stands for its number.
-- Inputs: message.
select distinct channel, channel as channelNumber from message
