package container.misuse.beans;

import jakarta.inject.Inject;
import java.util.UUID;
import plumb.Key;
import plumb.PerKey;

@PerKey(domain = "final-one")
final class FinalHandler {
    @Inject
    @Key
    UUID key;
}
