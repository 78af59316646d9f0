SELECT
  route.endpoint AS endpoint,
  endpoint.name AS name,
  route.active AS active,
  count(delivery.place) AS batches,
  coalesce(sum(delivery.count), 0) AS records,
  coalesce(sum(delivery.bytes), 0) AS bytes,
  min(delivery.stored_at) AS oldest,
  coalesce(max(delivery.attempt), 0) AS attempt,
  (SELECT first.error FROM delivery AS first
    WHERE first.endpoint = route.endpoint AND first.feed = route.feed
    ORDER BY first.place LIMIT 1) AS error,
  route.delivered AS delivered,
  route.unchanged AS unchanged,
  route.superseded AS superseded,
  route.refused AS refused,
  route.last_settled_at AS last_settled_at
FROM route
JOIN endpoint ON endpoint.id = route.endpoint
LEFT JOIN delivery ON delivery.endpoint = route.endpoint AND delivery.feed = route.feed
WHERE route.feed = ?1
GROUP BY route.endpoint
ORDER BY route.endpoint
