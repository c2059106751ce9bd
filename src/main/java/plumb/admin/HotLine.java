package plumb.admin;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import plumb.postgres.RangeLoads;

/// A key that stands out, as the page shows it.
///
/// @param key masked for viewers
/// @param work of one core
/// @param share of its range's load
/// @param link to its page; null for viewers
public record HotLine(
        String key,
        String work,
        String share,
        int range,
        String owner,
        @Nullable String link) {
    private static final int MOST = 20;

    /// Seconds of work per second. In an idle range somebody always has most of nothing.
    private static final double LEAST = 0.01;
    private static final double OLDEST_SECONDS = 60;

    /// The one that costs most first.
    static List<HotLine> of(List<RangeLoads.Known> loads, Snapshot snapshot, boolean open) {
        Map<Integer, RangeLine> ranges =
                snapshot.ranges().stream().collect(Collectors.toMap(RangeLine::id, Function.identity()));
        record Hot(RangeLoads.Known load, RangeLoads.HotKey key, RangeLine range) {
            double cost() {
                return load.load() * key.share();
            }
        }
        return loads.stream()
                .filter(load -> load.ageSeconds() < OLDEST_SECONDS)
                .flatMap(load -> Stream.ofNullable(ranges.get(load.range().value()))
                        .flatMap(range -> load.hot().stream().map(key -> new Hot(load, key, range))))
                .filter(hot -> hot.cost() >= LEAST)
                .sorted(Comparator.comparingDouble(Hot::cost).reversed())
                .limit(MOST)
                .map(hot -> line(hot.key(), hot.cost(), hot.range(), open))
                .toList();
    }

    private static HotLine line(RangeLoads.HotKey hot, double cost, RangeLine range, boolean open) {
        String link =
                "key.xhtml?domain=" + range.domain() + "&key=" + URLEncoder.encode(hot.key(), StandardCharsets.UTF_8);
        return new HotLine(
                range.domain() + " " + (open ? hot.key() : Text.masked(hot.key())),
                Text.percent(cost),
                Text.percent(hot.share()),
                range.id(),
                Text.owner(range.owner()),
                open ? link : null);
    }
}
