package plumb.admin;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A page of a long list.
///
/// @param from the first one on the page, counted from 0
public record Paging<T>(List<T> all, int from) {
    private static final int PAGE = 64;

    public List<T> page() {
        return all.stream().skip(from).limit(PAGE).toList();
    }

    /// The first one on the next page; null: this is the last.
    public @Nullable Integer next() {
        return from + PAGE < all.size() ? from + PAGE : null;
    }

    /// The first one on the page before; null: this is the first.
    public @Nullable Integer before() {
        return from > 0 ? Math.max(0, from - PAGE) : null;
    }
}
