package plumb.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import plumb.Effect;
import plumb.Fingerprint;
import plumb.RequestId;
import plumb.Requests;

/// A request that is taken back has done nothing, so it must not be remembered as done.
class RequestsAndUndoTest extends DispatchFixture {
    private record Body(String text) {}

    private static final RequestId REQUEST = RequestId.ofClient("tonight");
    private static final Fingerprint FINGERPRINT = Fingerprint.of(new Body("one"));

    private final Requests<String> requests = new Requests<>(10, id -> null, Turn.undo());

    private CompletableFuture<Effect<String>> once(String text, boolean undoable, boolean fails) {
        return call("a", pad -> {
            Effect<String> effect = requests.once(REQUEST, FINGERPRINT, () -> {
                if (undoable) pad.writeUndoably(text);
                else pad.write(text);
                return text;
            });
            if (fails) throw new IllegalArgumentException("afterwards");
            return effect;
        });
    }

    @Test
    void aRequestThatWasTakenBackIsNotRememberedAndMayComeAgain() throws Exception {
        committer.alwaysCommits();
        assertThat(failure(once("never", true, true))).hasMessage("afterwards");
        assertThat(pads.loads).as("the state is kept").hasValue(1);

        assertThat(value(once("one", true, false))).isEqualTo(new Effect<>("one", false));
        assertThat(value(once("again", true, false))).isEqualTo(new Effect<>("one", true));
        assertThat(committer.linesOf("a")).containsExactly("one");
    }

    @Test
    void rememberingARequestPromisesNothingForTheRestOfIt() throws Exception {
        committer.alwaysCommits();
        failure(once("never", false, true));

        assertThat(value(read("a"))).isEmpty();
        assertThat(pads.loads).as("the state is dropped").hasValue(2);
    }

    @Test
    void whatIsBuiltOnAnAnswerHasTheTimeThatTheRequestHad() throws Exception {
        Gate gate = busy("a");
        var left = read("a").thenApply(lines -> AnswerDeadline.current());
        gate.open();

        assertThat(value(left)).contains(LATE);
        assertThat(AnswerDeadline.current()).isEmpty();
    }
}
