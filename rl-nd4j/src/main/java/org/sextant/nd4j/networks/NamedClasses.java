// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.networks;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import org.sextant.models.files.ModelFileException;

/**
 * Classes that a graph's configuration may name. Deeplearning4j makes an object of every class that is named under {@code @class}, so a file could run code of anything
 * on the class path; layers of one's own come from a provider's code instead.
 */
final class NamedClasses {
    private static final List<String> ALLOWED = List.of(
            "org.deeplearning4j.nn.conf.",
            "org.deeplearning4j.nn.weights.",
            "org.nd4j.linalg.activations.impl.",
            "org.nd4j.linalg.learning.config.",
            "org.nd4j.linalg.learning.regularization.",
            "org.nd4j.linalg.lossfunctions.impl.",
            "org.nd4j.linalg.schedule.");

    private NamedClasses() {}

    /** @throws ModelFileException that names the first other one */
    static void require(Path file, JsonNode node) {
        if (node.isObject()) {
            node.properties().forEach(field -> {
                if (field.getKey().equals("@class")) {
                    requireAllowed(file, field.getValue().asText());
                }
            });
        }
        node.forEach(child -> require(file, child));
    }

    private static void requireAllowed(Path file, String name) {
        if (ALLOWED.stream().noneMatch(name::startsWith)) {
            throw new ModelFileException(file + " names the class " + name + ", and a file may name those of " + ALLOWED
                    + " alone: make the graph in code, in a provider (GraphProvider)");
        }
    }
}
