package simulation;

import java.util.List;
import org.jspecify.annotations.Nullable;
import plumb.Handler;
import plumb.Writes;
import plumb.dispatch.Turn;
import plumb.ownership.LeaseTableException;

/// The domain on one instance: loads books over its link.
final class Books implements Handler.Factory<Book> {
    /// The database did not answer.
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1;

        private Unreadable(Throwable cause) {
            super(cause);
        }
    }

    private final World world;
    private final Instance instance;

    Books(World world, Instance instance) {
        this.world = world;
        this.instance = instance;
    }

    @Override
    public Handler<Book> create(String key, Writes writes) {
        return new Handler<>() {
            @Override
            public Book load() throws Unreadable {
                List<String> lines = read(key);
                world.tell(() -> instance + " has loaded " + key + " " + lines);
                instance.hiccup();
                return new Book(key, writes, Turn.undo(), lines);
            }

            @Override
            public @Nullable String keep(Book book) {
                world.tell(() -> instance + " keeps " + key + " " + book.keep());
                return book.keep();
            }

            @Override
            public void restore(Book book, String kept) {
                world.tell(() -> instance + " restores " + key + " " + kept);
                world.count("notes handed along");
                book.restore(kept);
            }
        };
    }

    private List<String> read(String key) throws Unreadable {
        try {
            return instance.link.call("load", () -> world.database.requests(key));
        } catch (LeaseTableException e) {
            throw new Unreadable(e);
        }
    }
}
