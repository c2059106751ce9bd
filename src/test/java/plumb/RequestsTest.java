package plumb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RequestsTest {
    private static final int KEPT = 3;

    private record Body(String what) {}

    private static final Fingerprint ONE = Fingerprint.of(new Body("one"));
    private static final Fingerprint OTHER = Fingerprint.of(new Body("other"));

    private final Map<RequestId, Requests.Done<String>> rows = new HashMap<>();
    private final List<RequestId> lookedUp = new ArrayList<>();
    private final Requests<String> requests = new Requests<>(KEPT, id -> {
        lookedUp.add(id);
        return rows.get(id);
    });
    private final List<String> effects = new ArrayList<>();

    private Effect<String> once(RequestId id, Fingerprint body, String effect) {
        return requests.once(id, body, () -> {
            effects.add(effect);
            rows.put(id, new Requests.Done<>(id, body, effect));
            return effect;
        });
    }

    private static RequestId id(int number) {
        return RequestId.ofClient("request-" + number);
    }

    @Test
    void aRequestThatComesAgainGetsTheFirstAnswerAndDoesNothing() {
        assertThat(once(id(1), ONE, "first")).isEqualTo(new Effect<>("first", false));

        assertThat(once(id(1), ONE, "again")).isEqualTo(new Effect<>("first", true));
        assertThat(effects).containsExactly("first");
    }

    @Test
    void theSameIdWithAnotherBodyIsRefusedAndDoesNothing() {
        once(id(1), ONE, "first");

        Rejection no = catchThrowableOfType(Rejection.class, () -> once(id(1), OTHER, "other"));

        assertThat(no.status()).isEqualTo(422);
        assertThat(no.type()).isEqualTo("request-id-reused");
        assertThat(effects).containsExactly("first");
    }

    @Test
    void whatLeftMemoryIsFoundInTheRows() {
        for (int i = 1; i <= KEPT + 2; i++) once(id(i), ONE, "effect " + i);
        lookedUp.clear();

        assertThat(once(id(1), ONE, "again")).isEqualTo(new Effect<>("effect 1", true));
        assertThat(once(id(KEPT + 2), ONE, "again")).isEqualTo(new Effect<>("effect " + (KEPT + 2), true));
        assertThat(lookedUp).containsExactly(id(1));
        assertThatThrownBy(() -> once(id(2), OTHER, "other")).isInstanceOf(Rejection.class);
    }

    @Test
    void whatWasLoadedIsAnsweredFromMemory() {
        requests.add(new Requests.Done<>(id(1), ONE, "committed"));

        assertThat(once(id(1), ONE, "again")).isEqualTo(new Effect<>("committed", true));
        assertThat(lookedUp).isEmpty();
    }

    /// Else every request without a key would cost a query.
    @Test
    void aMintedIdIsNotLookedUp() {
        once(RequestId.minted(), ONE, "first");
        once(RequestId.ofHandler("second"), ONE, "second");

        assertThat(lookedUp).containsExactly(RequestId.ofHandler("second"));
    }

    @Test
    void whatFailedMayComeAgain() {
        assertThatThrownBy(() -> requests.once(id(1), ONE, () -> {
                    throw new Rejection(409, "out-of-stock", "Not today.");
                }))
                .isInstanceOf(Rejection.class);

        assertThat(once(id(1), OTHER, "better")).isEqualTo(new Effect<>("better", false));
    }

    @Test
    void nobodyCanNameAnothersId() {
        assertThat(RequestId.ofClient("minted:x").isMinted()).isFalse();
        assertThat(RequestId.ofClient("x")).isNotEqualTo(RequestId.ofHandler("x"));
        assertThat(RequestId.minted().isMinted()).isTrue();
        for (String bad : List.of("", "a b", "ü", "x".repeat(201)))
            assertThatThrownBy(() -> RequestId.ofClient(bad)).isInstanceOf(IllegalArgumentException.class);
    }
}
