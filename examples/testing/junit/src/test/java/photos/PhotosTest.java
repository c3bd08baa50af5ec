package photos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.util.List;

@ExtendWith(Footbridge.class)
class PhotosTest {
    private final Photos photos = new Photos();

    @Test
    void aPhotoIsKept() {
        photos.make();
        photos.save("cat.jpg", "meow");
        assertEquals(List.of("cat.jpg"), photos.names());
        assertEquals("meow", photos.s3.getObjectAsBytes(get -> get.bucket("photos").key("cat.jpg")).asUtf8String());
    }

    @Test
    void eachTestBeginsWithNothing() {
        assertEquals(List.of(), photos.s3.listBuckets().buckets());
        photos.make();
        assertEquals(List.of(), photos.names());
    }
}
