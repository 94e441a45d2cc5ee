// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.sextant.api.model.Role;
import org.sextant.models.LanguageModel;

/** The model beside a case file. */
final class ModelFolder {
    private static final String CONFIG = "config.json";
    private static final String WEIGHTS = "model.safetensors";

    private ModelFolder() {}

    /** The model with the weights that the case names, or its folder's; fails with {@link NotOffered} for other families. */
    static LanguageModel open(Case given, Engine engine) {
        refuseWhatIsNotOffered(engine.folder());
        String weights = given.has("weights_file") ? given.text("weights_file") : WEIGHTS;
        if (weights.equals(WEIGHTS)) {
            return LanguageModel.load(engine.folder(), engine.kernels(), Role.POLICY);
        }
        try {
            return openRenamed(engine, weights);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void refuseWhatIsNotOffered(Path folder) {
        JsonNode config;
        try {
            config = new ObjectMapper().readTree(folder.resolve(CONFIG).toFile());
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read " + folder.resolve(CONFIG) + ": " + e.getMessage(), e);
        }
        String family = config.path("model_type").asText("unknown");
        if (!family.equals("llama")) {
            throw new NotOffered("model family " + family);
        }
        JsonNode scaling = config.path("rope_scaling");
        String rope = scaling.path("rope_type").asText(scaling.path("type").asText("default"));
        if (!rope.equals("default")) {
            throw new NotOffered("rope_scaling " + rope);
        }
    }

    /** Models are loaded by the names that they are saved under, so other weights get that name first. */
    private static LanguageModel openRenamed(Engine engine, String weights) throws IOException {
        Path renamed = Files.createTempDirectory("conformance");
        try {
            Files.copy(engine.folder().resolve(CONFIG), renamed.resolve(CONFIG));
            Files.copy(engine.folder().resolve(weights), renamed.resolve(WEIGHTS));
            return LanguageModel.load(renamed, engine.kernels(), Role.POLICY);
        } finally {
            delete(renamed);
        }
    }

    private static void delete(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(folder)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.delete(path);
        }
    }
}
