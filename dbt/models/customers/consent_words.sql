{{ config(materialized='ephemeral') }}

-- Who a consent speaks for: every customer with that mailbox, that phone or that record. A mailbox is compared by its
-- key, so that an address with a plus-tag obeys a refusal for the one without; a junk address only as it stands.

with words as (
    {% for kind, subject in [
        ('e-mail', 'coalesce(email_key, email)'), ('phone', 'phone'), ('record', 'record_key')
    ] %}
    select consent_key, source, channel, purpose, status, changed_at, '{{ kind }}' as kind, {{ subject }} as subject
    from {{ source('clean', 'consents') }}
    where {{ subject }} is not null
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

subjects as (
    {% for kind, subject in [
        ('e-mail', 'coalesce(email_key, email)'), ('phone', 'phone'), ('record', 'record_key')
    ] %}
    select customer_id, '{{ kind }}' as kind, {{ subject }} as subject, min(record_key) as record_key
    from {{ ref('customer_records') }}
    where {{ subject }} is not null
    group by customer_id, {{ subject }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    subjects.customer_id,
    subjects.record_key,
    words.consent_key,
    words.source,
    words.channel,
    words.purpose,
    words.status,
    words.changed_at,
    words.kind,
    words.subject
from words
inner join subjects on words.kind = subjects.kind and words.subject = subjects.subject
