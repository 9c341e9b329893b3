WITH consented_1 AS (
  SELECT
    customer_id
  FROM customers.consents
  WHERE
    purpose = 'email_marketing' AND status = 'granted' AND NOT customer_id IS NULL
), members_2 AS (
  SELECT
    customer_id
  FROM segments.memberships
  WHERE
    segment = 'vip'
), ranked_3 AS (
  SELECT
    customer_id
  FROM (
    SELECT
      c.customer_id,
      ROW_NUMBER() OVER (ORDER BY value_score.expected_value_365d DESC, c.customer_id ASC) AS place,
      COUNT(*) OVER () AS places
    FROM customers.customers AS c
    LEFT JOIN scores.value AS value_score
      ON value_score.customer_id = c.customer_id
    WHERE
      NOT value_score.expected_value_365d IS NULL
  ) AS ranked
  WHERE
    place * 100 <= places * 2.5
), happened_4 AS (
  SELECT
    h.customer_id
  FROM customers.timeline AS h
  WHERE
    (
      NOT h.customer_id IS NULL AND h.kind = 'order'
    )
    AND h.happened_at >= CAST('2010-12-10 00:00:00' AS TIMESTAMP)
    AND h.happened_at < CAST('2011-12-10 00:00:00' AS TIMESTAMP)
  GROUP BY
    h.customer_id
  HAVING
    NOT COALESCE(SUM(h.amount), 0) < 20
), judged AS (
  SELECT
    c.customer_id,
    c.customer_id IN (
      SELECT
        customer_id
      FROM consented_1
    ) AS holds_1,
    c.customer_id IN (
      SELECT
        customer_id
      FROM members_2
    ) AS holds_2,
    c.customer_id IN (
      SELECT
        customer_id
      FROM ranked_3
    ) AS holds_3,
    SUBSTRING(LOWER(MD5('spring:' || c.customer_id)), 1, 6) >= '400000'
    AND SUBSTRING(LOWER(MD5('spring:' || c.customer_id)), 1, 6) < '800000' AS holds_4,
    NOT c.customer_id IN (
      SELECT
        customer_id
      FROM happened_4
    ) AS holds_5,
    COALESCE(RIGHT(LOWER(c.city), 4) = '100%', FALSE) AS holds_6,
    COALESCE(ARRAY_CONTAINS(c.sources, 'crm'), FALSE) AS holds_7
  FROM customers.customers AS c
)
SELECT
  customer_id,
  SUBSTRING(
    CASE WHEN holds_1 THEN '; consent to email_marketing' ELSE '' END || CASE WHEN holds_2 THEN '; in segment vip' ELSE '' END || CASE
      WHEN holds_3
      THEN '; among the highest 2.5 % by value expected value 365d'
      ELSE ''
    END || CASE WHEN holds_4 THEN '; in the random slice 25 to 50 % of spring' ELSE '' END || CASE
      WHEN holds_5
      THEN '; sum amount of order less than 20 since 2010-12-10'
      ELSE ''
    END || CASE
      WHEN NOT (
        holds_6 OR holds_7
      )
      THEN '; none of: city ends with 100%, sources include crm'
      ELSE ''
    END,
    3
  ) AS reason
FROM judged
WHERE
  holds_1 OR holds_2 OR holds_3 OR holds_4 OR holds_5 OR NOT (
    holds_6 OR holds_7
  )
