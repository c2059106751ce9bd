package plumb.http;

/// Ends a request with that problem.
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Problem problem;

    public ProblemException(Problem problem) {
        super(problem.detail(), problem.cause(), false, false); // no stack trace: an answer, not a fault
        this.problem = problem;
    }

    Problem problem() {
        return problem;
    }
}
