package plumb.http;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

/// Everything under `/api`; resources and providers are found by scanning.
@ApplicationPath("api")
public class Api extends Application {}
