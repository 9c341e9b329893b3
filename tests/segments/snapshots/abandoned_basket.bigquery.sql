WITH step_1 AS (
  SELECT DISTINCT
    h.customer_id,
    h.happened_at AS step_at
  FROM customers.timeline AS h
  WHERE
    NOT h.customer_id IS NULL
    AND h.kind = 'Product Added'
    AND h.happened_at >= CAST('2011-11-10 00:00:00' AS DATETIME)
    AND h.happened_at < CAST('2011-12-10 00:00:00' AS DATETIME)
), step_2 AS (
  SELECT
    b.customer_id,
    b.step_at
  FROM step_1 AS b
  WHERE
    NOT EXISTS(
      SELECT
        1
      FROM customers.timeline AS h
      WHERE
        h.customer_id = b.customer_id
        AND h.happened_at > b.step_at
        AND h.happened_at < CAST('2011-12-10 00:00:00' AS DATETIME)
        AND NOT h.customer_id IS NULL
        AND h.kind = 'order'
        AND h.happened_at < b.step_at + INTERVAL 172800 SECOND
    )
    AND b.step_at <= CAST('2011-12-08 00:00:00' AS DATETIME)
), judged AS (
  SELECT
    c.customer_id,
    c.customer_id IN (
      SELECT
        customer_id
      FROM step_2
    ) AS holds_1
  FROM customers.customers AS c
)
SELECT
  customer_id,
  'Product Added, then no order within 48 hours, since 2011-11-10' AS reason
FROM judged
WHERE
  holds_1
