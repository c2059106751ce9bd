package plumb.admin;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import plumb.postgres.LeaseHistory;

/// A picture in one line: pieces side by side, each with an owner's colours and pattern. What it shows stands in a
/// table, too.
///
/// @param title what it shows, for those who do not see it
public record Bar(String title, List<Piece> pieces) {
    /// All of it, as the picture measures.
    private static final double WIDTH = 1_000;

    /// Beyond so many, single pieces are too narrow to be pointed at: they have no label and no link.
    private static final int MOST_LABELS = 256;

    public Bar {
        pieces = List.copyOf(pieces);
    }

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
        return new Bar("The keys of " + domain + " by their owners", labelled ? pieces : joined(pieces));
    }

    /// Neighbours that look the same as one: a thousand ranges are a large page otherwise.
    private static List<Piece> joined(List<Piece> pieces) {
        var joined = new ArrayList<Piece>();
        for (Piece piece : pieces) {
            Piece last = joined.isEmpty() ? null : joined.getLast();
            if (last != null && last.looksLike(piece)) joined.set(joined.size() - 1, last.and(piece));
            else joined.add(piece);
        }
        return joined;
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
