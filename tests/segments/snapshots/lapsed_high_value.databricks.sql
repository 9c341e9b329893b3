WITH judged AS (
  SELECT
    c.customer_id,
    COALESCE(c.net_value >= 1000, FALSE) AS holds_1,
    COALESCE(c.last_order_at < CAST('2011-06-13 00:00:00' AS TIMESTAMP), FALSE) AS holds_2
  FROM customers.customers AS c
)
SELECT
  customer_id,
  'net value at least 1000; last order before 2011-06-13' AS reason
FROM judged
WHERE
  holds_1 AND holds_2
