import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletionException;

import com.amazonaws.AmazonServiceException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** Counts what held, says what did not, and goes on. */
final class Checks {
    private int held;
    private int failed;

    interface Call {
        Object run() throws Exception;
    }

    void equal(String what, Object got, Object want) {
        if (Objects.deepEquals(got, want)) {
            held++;
        } else {
            failed++;
            System.out.println("FAILED: " + what + "\n  got  " + shown(got) + "\n  want " + shown(want));
        }
    }

    /** The service refuses it, with AWS's code, whole message and status. */
    void refused(String what, Call call, String code, String message, int status) {
        Object got;
        try {
            got = call.run();
        } catch (Exception error) {
            got = told(error);
        }
        equal(what, got, code + " (" + status + "): " + message);
    }

    /** A round that ends early is one failure, and the next one runs. */
    void round(String name, Call round) {
        long began = System.nanoTime();
        try {
            round.run();
        } catch (Exception error) {
            failed++;
            System.out.println("FAILED: " + name + " ended early: " + told(error));
            error.printStackTrace(System.out);
        }
        System.out.printf("%s: %.1f s%n", name, (System.nanoTime() - began) / 1e9);
    }

    int end() {
        System.out.println(held + " checks held, " + failed + " failed");
        return failed == 0 ? 0 : 1;
    }

    private static String told(Throwable error) {
        if (error instanceof CompletionException && error.getCause() != null) {
            return told(error.getCause());
        }
        if (error instanceof AwsServiceException refused && refused.awsErrorDetails() != null) {
            var details = refused.awsErrorDetails();
            return details.errorCode() + " (" + refused.statusCode() + "): " + details.errorMessage();
        }
        if (error instanceof AmazonServiceException refused) {
            return refused.getErrorCode() + " (" + refused.getStatusCode() + "): " + refused.getErrorMessage();
        }
        return error.toString();
    }

    private static String shown(Object value) {
        if (value instanceof byte[] bytes) {
            return bytes.length + " bytes with hash " + Arrays.hashCode(bytes);
        }
        String text = String.valueOf(value);
        return text.length() <= 600 ? text : text.substring(0, 600) + "…";
    }
}
