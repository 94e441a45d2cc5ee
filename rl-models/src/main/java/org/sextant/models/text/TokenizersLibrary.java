// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.text;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.sextant.models.files.ModelFileException;

/** The native library for {@code tokenizer.json}, as DJL packs it: told to load what is in its jar and to speak to nobody. */
final class TokenizersLibrary {
    private static final Map<String, String> AS_IT_IS =
            Map.of("addSpecialTokens", "false", "truncation", "do_not_truncate", "padding", "do_not_pad");

    static {
        // No download of another build where there is a GPU, no telemetry. Environment variables of these names would
        // win.
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("RUST_FLAVOR", "cpu");
    }

    private TokenizersLibrary() {}

    /** @param json has been checked: the library ends the process over some mistakes */
    static HuggingFaceTokenizer open(Path file, byte[] json) {
        try {
            return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), AS_IT_IS);
        } catch (EngineException | LinkageError e) {
            throw new ModelFileException(
                    "cannot read " + file + ": the native library for it does not load on "
                            + System.getProperty("os.name") + " " + System.getProperty("os.arch") + ": "
                            + e.getMessage(),
                    e);
        } catch (RuntimeException e) {
            // Its line and column are those of the JSON that it was handed, not of the file.
            String what = String.valueOf(e.getMessage()).replaceFirst(" at line \\d+ column \\d+$", "");
            throw new ModelFileException(file + " is damaged: " + what, e);
        } catch (IOException e) {
            throw ModelFileException.of("read", file, e);
        }
    }
}
