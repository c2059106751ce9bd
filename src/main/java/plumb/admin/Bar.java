package plumb.admin;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import plumb.postgres.LeaseHistory;

/// A picture in one line: pieces side by side, each with an owner's colours and pattern. What it shows stands in a
/// table, too.
///
/// @param title what it shows, for those who do not see it
/// @param areas instead of pieces, where those would be too many
public record Bar(String title, List<Piece> pieces, List<Area> areas) {
    /// All of it, as the picture measures.
    private static final double WIDTH = 1_000;
    private static final int HEIGHT = 40;
    /// Where the lower part begins, which shows who it is going to.
    private static final int LOWER = 24;

    /// Beyond so many, single pieces are too narrow to be pointed at: they have no label and no link.
    private static final int MOST_LABELS = 256;

    public Bar {
        pieces = List.copyOf(pieces);
        areas = List.copyOf(areas);
    }

    Bar(String title, List<Piece> pieces) {
        this(title, pieces, List.of());
    }

    /// All of a picture that looks the same, drawn at once: a thousand ranges are a large page otherwise.
    ///
    /// @param arriving it is the lower part, of whom ranges are going to
    /// @param path as SVG has it
    public record Area(String style, boolean arriving, String path) {}

    /// @param style of the owner's pattern
    /// @param arriving of the pattern of whom it is going to; null: it stays
    /// @param label null: it is too narrow
    /// @param link null: it leads nowhere
    public record Piece(
            String x,
            String width,
            String style,
            @Nullable String arriving,
            @Nullable String label,
            @Nullable String link) {
        private boolean looksLike(Piece other) {
            return style.equals(other.style) && Objects.equals(arriving, other.arriving);
        }

        private Piece and(Piece next) {
            double end = Double.parseDouble(next.x) + Double.parseDouble(next.width);
            return new Piece(x, number(end - Double.parseDouble(x)), style, arriving, null, null);
        }

        private static Piece of(double from, double to, String style, String label) {
            return new Piece(number(from), number(to - from), style, null, label, null);
        }
    }

    /// The key space of one domain: as wide as its part of the slots, as coloured as its owner.
    ///
    /// @param ranges of that domain, in their order
    static Bar ofKeys(String domain, List<RangeLine> ranges, Styles styles) {
        boolean labelled = ranges.size() <= MOST_LABELS;
        List<Piece> pieces =
                ranges.stream().map(range -> piece(range, styles, labelled)).toList();
        String title = "The keys of " + domain + " by their owners";
        return labelled ? new Bar(title, pieces) : new Bar(title, List.of(), areas(joined(pieces)));
    }

    /// Neighbours that look the same as one.
    private static List<Piece> joined(List<Piece> pieces) {
        var joined = new ArrayList<Piece>();
        for (Piece piece : pieces) {
            Piece last = joined.isEmpty() ? null : joined.getLast();
            if (last != null && last.looksLike(piece)) joined.set(joined.size() - 1, last.and(piece));
            else joined.add(piece);
        }
        return joined;
    }

    /// The lower parts come last, because they are drawn upon the others.
    private static List<Area> areas(List<Piece> pieces) {
        Map<String, StringBuilder> whole = new TreeMap<>();
        Map<String, StringBuilder> lower = new TreeMap<>();
        for (Piece piece : pieces) {
            draw(piece, 0, whole.computeIfAbsent(piece.style, style -> new StringBuilder()));
            if (piece.arriving != null)
                draw(piece, LOWER, lower.computeIfAbsent(piece.arriving, style -> new StringBuilder()));
        }
        return Stream.concat(areas(whole, false), areas(lower, true)).toList();
    }

    private static void draw(Piece piece, int top, StringBuilder path) {
        path.append("M%s %dh%sV%dh-%sz".formatted(piece.x, top, piece.width, HEIGHT, piece.width));
    }

    private static Stream<Area> areas(Map<String, StringBuilder> paths, boolean arriving) {
        return paths.entrySet().stream()
                .map(path -> new Area(path.getKey(), arriving, path.getValue().toString()));
    }

    private static Piece piece(RangeLine range, Styles styles, boolean labelled) {
        String target = range.target();
        String label = "range " + range.id() + ", " + range.share() + ", " + Text.owner(range.owner())
                + (target == null ? "" : ", moving to " + target);
        return new Piece(
                number(range.from() * WIDTH),
                number(range.width() * WIDTH),
                styles.of(range.owner()),
                target == null ? null : styles.of(target),
                labelled ? label : null,
                labelled ? "range.xhtml?id=" + range.id() : null);
    }

    /// Who owned something from when to when.
    ///
    /// @param grants newest first; the last begins at the left
    static Bar ofTime(List<LeaseHistory.Grant> grants, Instant now, Styles styles) {
        var pieces = new ArrayList<Piece>();
        if (grants.isEmpty()) return new Bar("", pieces);
        Instant begin = grants.getLast().at();
        double all = Math.max(1, Duration.between(begin, now).toMillis());
        Instant end = now;
        for (LeaseHistory.Grant grant : grants) {
            pieces.add(Piece.of(
                    Duration.between(begin, grant.at()).toMillis() / all * WIDTH,
                    Duration.between(begin, end).toMillis() / all * WIDTH,
                    styles.of(grant.called()),
                    "epoch " + grant.epoch() + ", " + Text.owner(grant.called()) + ", since " + Text.time(grant.at())));
            end = grant.at();
        }
        return new Bar("Owners since " + Text.time(begin), pieces.reversed());
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
