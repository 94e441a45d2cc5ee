// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.directory;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Something of a run directory cannot be read or written; the message is one sentence with the path and what to do. */
public final class StorageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StorageException(String message) {
        super(message);
    }

    private StorageException(String message, IOException cause) {
        super(message, cause);
    }

    /** A file could not be written. */
    public static StorageException writing(Path file, IOException cause) {
        String reason = reason(cause);
        String advice = reason.contains("No space left") || reason.contains("Disk quota")
                ? "; free some space and go on with --resume"
                : reason.equals("permission denied") || reason.contains("Read-only")
                        ? "; choose a directory that you may write to with run.dir"
                        : "";
        return new StorageException("cannot write " + file + ": " + reason + advice, cause);
    }

    /** A file could not be read. */
    public static StorageException reading(Path file, IOException cause) {
        return new StorageException("cannot read " + file + ": " + reason(cause), cause);
    }

    /** What the system says, in words: Java's messages for the usual cases are the path alone. */
    static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> "permission denied";
            case NoSuchFileException missing -> "no such file or directory";
            case FileAlreadyExistsException exists -> "it exists already and is not a directory";
            case DirectoryNotEmptyException notEmpty -> "the directory is not empty";
            case FileSystemException other when other.getReason() != null -> other.getReason();
            default -> String.valueOf(e.getMessage());
        };
    }
}
