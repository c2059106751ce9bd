package plumb;

/// A handler was about to wait for an answer that cannot come before it goes on: the handler it called waits for it in
/// turn, directly or by way of others. The call was **not applied**. A mistake of the domain: let only one of two
/// handlers wait for the other.
public final class CallCycle extends RuntimeException {
    private static final long serialVersionUID = 1;

    public CallCycle(String message) {
        super(message);
    }
}
