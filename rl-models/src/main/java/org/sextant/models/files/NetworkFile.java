// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.sextant.api.output.Head;
import org.sextant.models.network.NetworkShape;

/**
 * {@code network.json} in the directory of a network that is not our transformer: which provider made it, so that the same one opens it again, and its
 * shape, which is known by that without opening it.
 *
 * @param provider its name in a configuration
 * @param shape of the network
 * @param settings what else the provider wants to know when it opens the network again, by its own keys
 */
public record NetworkFile(String provider, NetworkShape shape, SortedMap<String, String> settings) {
    public static final String NAME = "network.json";

    private static final int MOST = Integer.MAX_VALUE;

    /** @param settings is copied */
    public NetworkFile(String provider, NetworkShape shape, Map<String, String> settings) {
        this(provider, shape, new TreeMap<>(settings));
    }

    /** Whether a directory has such a network. */
    public static boolean isIn(Path directory) {
        return Files.exists(directory.resolve(NAME));
    }

    /** @throws ModelFileException if the file is not there, damaged, or has other keys */
    public static NetworkFile read(Path directory) {
        JsonFile file = JsonFile.read(directory.resolve(NAME));
        file.refuseAllBut(Set.of(
                "provider",
                "description",
                "context",
                "vocabulary",
                "parameters",
                "bytes_per_parameter",
                "activation_bytes_per_token",
                "outputs",
                "settings"));
        NetworkShape shape = new NetworkShape(
                file.text("description"),
                file.size("context", MOST),
                file.size("vocabulary", MOST),
                file.size("parameters", MOST),
                file.size("bytes_per_parameter", 8),
                file.size("activation_bytes_per_token", MOST),
                file.texts("outputs").stream().map(name -> head(file, name)).collect(Collectors.toSet()));
        SortedMap<String, String> settings = new TreeMap<>();
        JsonFile saved = file.block("settings");
        saved.root().fieldNames().forEachRemaining(key -> settings.put(key, saved.text(key)));
        return new NetworkFile(file.text("provider"), shape, settings);
    }

    private static Head head(JsonFile file, String name) {
        for (Head head : Head.values()) {
            if (head.name().equalsIgnoreCase(name)) {
                return head;
            }
        }
        throw file.refused("outputs", name, "value and score");
    }

    /** Writes it beside what the network itself writes. */
    public void write(Path directory) {
        ObjectNode json = PrettyJson.object()
                .put("provider", provider)
                .put("description", shape.description())
                .put("context", shape.context())
                .put("vocabulary", shape.vocabulary())
                .put("parameters", shape.parameterCount())
                .put("bytes_per_parameter", shape.bytesPerParameter())
                .put("activation_bytes_per_token", shape.activationBytesPerToken());
        ArrayNode outputs = json.putArray("outputs");
        shape.heads().stream().sorted().map(Head::key).forEach(outputs::add);
        settings.forEach(json.putObject("settings")::put);
        WholeFile.writeText(directory.resolve(NAME), PrettyJson.text(json));
    }
}
