package org.trefoilhub.dicomweb.archive.blob;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.trefoilhub.dicomweb.archive.blob.contract.AbstractBlobStoreContract;

class FileSystemBlobStoreTest extends AbstractBlobStoreContract {
    @TempDir
    Path root;

    @Override
    protected BlobStore open() throws IOException {
        return new FileSystemBlobStore(root);
    }
}
