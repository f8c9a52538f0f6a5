#include "api/metrics.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <limits>

#include "api/station.h"

namespace popradio::api {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

class Collection {
 public:
  MetricFamily& Family(std::string name, std::string help, MetricType type) {
    MetricFamily& family = families_.emplace_back();
    family.name = "popradio_" + std::move(name);
    family.help = std::move(help);
    family.type = type;
    return family;
  }
  void Gauge(std::string name, std::string help, double value) {
    Add(Family(std::move(name), std::move(help), MetricType::Gauge), value, {});
  }
  void Counter(std::string name, std::string help, std::uint64_t value) {
    Add(Family(std::move(name), std::move(help), MetricType::Counter), static_cast<double>(value),
        {});
  }
  static void Add(MetricFamily& family, double value, std::vector<ClientMetric::Label> labels) {
    ClientMetric& metric = family.metric.emplace_back();
    metric.label = std::move(labels);
    (family.type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
  }
  std::string Text() const { return prometheus::TextSerializer().Serialize(families_); }

 private:
  std::vector<MetricFamily> families_;
};

void CollectAnswers(const Station& station, Collection& collection) {
  MetricFamily& family = collection.Family(
      "http_requests_total", "Requests answered, by route and status class.", MetricType::Counter);
  const auto routes = Routes();
  for (std::size_t r = 0; r <= routes.size(); ++r) {
    for (std::size_t status = 1; status < 6; ++status) {
      std::uint64_t sum = 0;
      for (const auto& thread : station.threads) sum += thread->answers[r][status].Read();
      if (sum == 0) continue;
      Collection::Add(
          family, static_cast<double>(sum),
          {{"method", r < routes.size() ? std::string(http::MethodName(routes[r].method)) : ""},
           {"route", r < routes.size() ? std::string(routes[r].pattern) : "page"},
           {"status", std::to_string(status) + "xx"}});
    }
  }
}

void CollectLatencies(const Station& station, Collection& collection) {
  MetricFamily& family =
      collection.Family("http_request_duration_seconds",
                        "From the whole request to its answer, measured in whole milliseconds.",
                        MetricType::Histogram);
  ClientMetric& metric = family.metric.emplace_back();
  std::uint64_t total = 0, sum_ms = 0;
  for (const auto& thread : station.threads) sum_ms += thread->latencies.sum_ms.Read();
  for (std::size_t b = 0; b <= Latencies::kBoundsMs.size(); ++b) {
    for (const auto& thread : station.threads) total += thread->latencies.buckets[b].Read();
    ClientMetric::Bucket bucket;
    bucket.cumulative_count = total;
    bucket.upper_bound = b < Latencies::kBoundsMs.size() ? Latencies::kBoundsMs[b] / 1000.0
                                                         : std::numeric_limits<double>::infinity();
    metric.histogram.bucket.push_back(bucket);
  }
  metric.histogram.sample_count = total;
  metric.histogram.sample_sum = static_cast<double>(sum_ms) / 1000.0;
}

void CollectServer(const http::ServerStats& stats, Collection& collection) {
  collection.Gauge("http_connections", "Connections that are open.",
                   static_cast<double>(stats.connections_open));
  collection.Counter("http_connections_total", "Connections accepted.", stats.connections_accepted);
  MetricFamily& refused = collection.Family("http_connections_refused_total",
                                            "Connections refused, by reason.", MetricType::Counter);
  Collection::Add(refused, static_cast<double>(stats.refused_total),
                  {{"reason", "max_connections"}});
  Collection::Add(refused, static_cast<double>(stats.refused_address),
                  {{"reason", "max_connections_per_address"}});
  Collection::Add(refused, static_cast<double>(stats.refused_descriptors),
                  {{"reason", "descriptors"}});
  collection.Counter("http_timeouts_total", "Deadlines that passed.", stats.timeouts);
  collection.Counter("http_protocol_errors_total", "Requests that were not HTTP as it should be.",
                     stats.protocol_errors);
  collection.Counter("http_handler_failures_total", "Requests that met a bug.",
                     stats.handler_failures);
  collection.Counter("http_received_bytes_total", "Bytes received.", stats.bytes_received);
  collection.Counter("http_sent_bytes_total", "Bytes sent.", stats.bytes_sent);
}

}  // namespace

std::string MetricsText(Station& station) {
  Collection collection;
  Collection::Add(
      collection.Family("build_info", "Always 1; the labels say what runs.", MetricType::Gauge), 1,
      {{"version", station.options.version}});
  CollectAnswers(station, collection);
  CollectLatencies(station, collection);
  if (station.parts.server_stats) CollectServer(station.parts.server_stats(), collection);

  const auto numbers = station.presence.Look(station.parts.clock.Steady());
  collection.Gauge("listeners", "Sessions that are listening.", numbers.listeners);
  if (station.hub) {
    collection.Gauge("event_streams", "Open event streams.",
                     static_cast<double>(station.hub->listeners()));
    collection.Counter("events_total", "Events published.", station.hub->published());
    collection.Counter("event_streams_dropped_total", "Event streams closed for being too slow.",
                       station.hub->dropped());
  }
  const CataloguePtr catalogue = station.parts.backend.catalogue().Current();
  collection.Gauge("songs", "Active songs.", static_cast<double>(catalogue->active_songs().size()));
  collection.Gauge("playlists", "Active playlists.",
                   static_cast<double>(catalogue->active_playlists().size()));
  collection.Counter("engagement_changes_total", "Likes, plays and views that changed a number.",
                     station.engagement().Version());
  MetricFamily& up = collection.Family(
      "service_up", "Whether a part that the station leans on works.", MetricType::Gauge);
  for (const store::ServiceHealth& service : station.parts.backend.Health()) {
    Collection::Add(up, service.ok ? 1 : 0, {{"service", service.name}});
  }
  return collection.Text();
}

}  // namespace popradio::api
