import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** The rounds of the AWS SDKs for Java, all in one JVM: {@code Rounds ENDPOINT SCRATCH NAME...}. Started by java.py. */
final class Rounds {
    public static void main(String[] arguments) {
        URI endpoint = URI.create(arguments[0]);
        Path scratch = Path.of(arguments[1]);
        Checks checks = new Checks();
        for (String name : List.of(arguments).subList(2, arguments.length)) {
            checks.round(name, () -> {
                switch (name) {
                    case "sync" -> S3Rounds.sync(checks, endpoint);
                    case "async" -> S3Rounds.async(checks, endpoint, scratch);
                    case "crt" -> S3Rounds.crt(checks, endpoint, scratch);
                    case "v1" -> S3Version1.round(checks, endpoint);
                    case "mapper" -> Mapper.round(checks, endpoint);
                    case "document" -> Documents.round(checks, endpoint);
                    case "enhanced" -> Enhanced.round(checks, endpoint);
                    default -> throw new IllegalArgumentException("no round is named so");
                }
                return null;
            });
        }
        // The clients' threads would keep the JVM.
        System.exit(checks.end());
    }
}
