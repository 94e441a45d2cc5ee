// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A model file that is missing, damaged, does not fit, or cannot be written. The message names the file and is meant for users. */
public final class ModelFileException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ModelFileException(String message) {
        super(Shown.message(message));
    }

    public ModelFileException(String message, Throwable cause) {
        super(Shown.message(message), cause);
    }

    /** @param doing {@code "read"}, {@code "write"} or {@code "remove"} */
    public static ModelFileException of(String doing, Path file, IOException cause) {
        return new ModelFileException("cannot " + doing + " " + file + ": " + reason(cause), cause);
    }

    /** What a parser says is wrong, without its remarks on the source, which it does not show, and on its own settings. */
    public static String words(JsonProcessingException cause) {
        return cause.getOriginalMessage()
                .replaceAll("\\[Source: REDACTED [^;]*; (line: \\d+, column: \\d+)]", "$1")
                .replaceAll(", from `StreamReadConstraints[^`]*`", "");
    }

    /** The same, with the place. */
    static String words(JsonProcessingException cause, JsonParser parser) {
        JsonLocation at = cause.getLocation() == null ? parser.currentLocation() : cause.getLocation();
        return Shown.text(words(cause)) + " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
    }

    private static String reason(IOException cause) {
        return switch (cause) {
            case NoSuchFileException _ -> "there is no such file or directory";
            case AccessDeniedException _ -> "permission denied";
            case FileSystemException e when e.getReason() != null -> e.getReason();
            default -> cause.getMessage() == null ? cause.toString() : cause.getMessage();
        };
    }
}
