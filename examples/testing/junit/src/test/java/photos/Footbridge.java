package photos;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.regex.Pattern;

/** A footbridge for all tests of this JVM, in memory and on a free port. It ends with the JVM, however that ends. */
public final class Footbridge implements BeforeAllCallback, AfterEachCallback {
    private static final String[] COMMAND = {
        "footbridge", "serve", "--ephemeral", "--listen", "0", "--json", "--exit-with-parent"
    };
    // Kept, because it ends when its standard input does.
    private static Process process;
    private static String endpoint;

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        if (process == null) {
            process = new ProcessBuilder(COMMAND).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            String ready = new BufferedReader(new InputStreamReader(process.getInputStream())).readLine();
            var url = Pattern.compile("\"endpoint\":\"([^\"]+)\"").matcher(ready);
            url.find();
            endpoint = url.group(1);
            System.setProperty("aws.endpointUrl", endpoint);
            System.setProperty("aws.accessKeyId", "test");
            System.setProperty("aws.secretAccessKey", "test");
            System.setProperty("aws.region", "us-east-1");
        }
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException, InterruptedException {
        var reset = HttpRequest.newBuilder(URI.create(endpoint + "/_footbridge/reset"));
        HttpClient.newHttpClient().send(reset.POST(HttpRequest.BodyPublishers.noBody()).build(), BodyHandlers.discarding());
    }
}
