package usualpizza;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import plumb.RequestId;

class MenuCardTest {
    private static final Menu EMPTY = Menu.of(List.of(), List.of());

    private Instant now = Instant.EPOCH;
    private int reads;
    private boolean away;
    private Menu stored = ArchiveTwin.MENU;
    private final MenuCard card = card();

    @Test
    void itIsReadOnceWhileFresh() {
        card.current();
        now = now.plus(MenuCard.FRESH).minusMillis(1);

        assertThat(card.current()).isSameAs(ArchiveTwin.MENU);
        assertThat(reads).isEqualTo(1);
    }

    @Test
    void aChangeIsSeenWhenTheLastReadingIsTooOld() {
        card.current();
        stored = EMPTY;
        now = now.plus(MenuCard.FRESH);

        assertThat(card.current()).isSameAs(EMPTY);
    }

    @Test
    void aClockSetBackDoesNotKeepAnOldMenuForever() {
        card.current();
        stored = EMPTY;
        now = now.minusSeconds(3600);

        assertThat(card.current()).isSameAs(EMPTY);
    }

    @Test
    void theLastMenuStaysWhileTheDatabaseIsAwayAndIsNotAskedForEachRequest() {
        card.current();
        now = now.plus(MenuCard.FRESH);
        away = true;

        assertThat(card.current()).isSameAs(ArchiveTwin.MENU);
        assertThat(card.current()).isSameAs(ArchiveTwin.MENU);
        assertThat(reads).isEqualTo(2);
    }

    private MenuCard card() {
        var made = new MenuCard();
        made.time = () -> now;
        made.archive = new OnlyAMenu();
        return made;
    }

    private final class OnlyAMenu implements Archive {
        @Override
        public Menu menu() {
            reads++;
            if (away) throw new IllegalStateException("away");
            return stored;
        }

        @Override
        public @Nullable Customer customer(UUID customer) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Ticket> orders(UUID customer, long before, int limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public @Nullable Ticket order(UUID customer, UUID order) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Escalation> escalations(int limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public @Nullable Order orderOfRequest(UUID customer, RequestId request) {
            throw new UnsupportedOperationException();
        }
    }
}
