// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.sextant.models.files.AdapterConfigFile;
import org.sextant.models.files.JsonFile;
import org.sextant.models.files.ModelConfigFile;
import org.sextant.models.files.ModelFileException;

/**
 * Which ids begin and end a sequence, and which are no text.
 *
 * @param bos goes in front of every prompt. {@code add_bos_token} of {@code tokenizer_config.json} decides, if it is there: then it is
 *     {@code bos_token}, or none; otherwise it is what the post-processor of {@code tokenizer.json} puts in front
 * @param eos goes behind a text: {@code eos_token} of {@code tokenizer_config.json} or {@code special_tokens_map.json}, otherwise the first
 *     {@code eos_token_id} of {@code generation_config.json} or {@code config.json}
 * @param eosIds {@code eos} and every {@code eos_token_id} of those two
 * @param special left out when ids are decoded: tokens that {@code tokenizer.json} calls special, and all that begin or end
 */
record SpecialTokens(OptionalInt bos, int eos, Set<Integer> eosIds, Set<Integer> special) {
    /** Files besides {@code tokenizer.json} that are looked at; each may be missing. */
    static final List<String> FILES =
            List.of("tokenizer_config.json", "special_tokens_map.json", "generation_config.json", ModelConfigFile.NAME);

    static SpecialTokens read(Path directory, TokenizerJson tokenizer) {
        List<JsonFile> names = there(directory, FILES.subList(0, 2));
        Set<Integer> ends = new LinkedHashSet<>();
        named("eos_token", names, tokenizer).ifPresent(ends::add);
        there(model(directory), FILES.subList(2, 4)).forEach(file -> ends.addAll(numbered(file, tokenizer)));
        if (ends.isEmpty()) {
            throw new ModelFileException(directory + " does not say which token ends a text: set eos_token in "
                    + FILES.getFirst() + " or eos_token_id in config.json");
        }
        OptionalInt bos = bos(directory, names, tokenizer);
        Set<Integer> special = new TreeSet<>(tokenizer.special());
        special.addAll(ends);
        bos.ifPresent(special::add);
        return new SpecialTokens(bos, ends.iterator().next(), Set.copyOf(ends), Set.copyOf(special));
    }

    /** Where the model's configuration is: an adapter has none. */
    private static Path model(Path directory) {
        return AdapterConfigFile.isIn(directory)
                ? Path.of(AdapterConfigFile.read(directory).base())
                : directory;
    }

    private static List<JsonFile> there(Path directory, List<String> names) {
        return names.stream()
                .flatMap(name -> JsonFile.readIfThere(directory.resolve(name)).stream())
                .toList();
    }

    private static OptionalInt bos(Path directory, List<JsonFile> names, TokenizerJson tokenizer) {
        Optional<JsonFile> says =
                names.stream().filter(f -> f.root().hasNonNull("add_bos_token")).findFirst();
        if (says.isPresent()) {
            JsonNode add = says.get().root().path("add_bos_token");
            if (!add.isBoolean()) {
                throw says.get().refused("add_bos_token", add, "true or false");
            }
            if (!add.booleanValue()) {
                return OptionalInt.empty();
            }
            return OptionalInt.of(named("bos_token", names, tokenizer)
                    .orElseThrow(() -> says.get()
                            .refused("add_bos_token", add, "true where bos_token is a token; set it, or false here")));
        }
        if (tokenizer.front().size() > 1) {
            throw new ModelFileException(directory.resolve(BpeTokenizer.FILE) + ": post_processor puts the tokens "
                    + tokenizer.front() + " in front of a text; supported is one, or none");
        }
        return tokenizer.front().stream().mapToInt(Integer::intValue).findFirst();
    }

    /** The id of a token that a file names by its text, as a string or as an object with {@code content}. */
    private static Optional<Integer> named(String key, List<JsonFile> files, TokenizerJson tokenizer) {
        for (JsonFile file : files) {
            JsonNode found = file.root().path(key);
            JsonNode content = found.isObject() ? found.path("content") : found;
            if (!found.isMissingNode() && !found.isNull()) {
                Integer id = content.isTextual() ? tokenizer.ids().get(content.textValue()) : null;
                if (id == null) {
                    throw file.refused(key, found, "a token of " + BpeTokenizer.FILE);
                }
                return Optional.of(id);
            }
        }
        return Optional.empty();
    }

    private static Set<Integer> numbered(JsonFile file, TokenizerJson tokenizer) {
        JsonNode found = file.root().path("eos_token_id");
        Set<Integer> ids = new LinkedHashSet<>();
        if (found.isMissingNode() || found.isNull()) {
            return ids;
        }
        Iterable<JsonNode> all = found.isArray() ? found : List.of(found);
        for (JsonNode id : all) {
            int value = TokenizerJson.id(file, "eos_token_id", id);
            if (value >= tokenizer.size()) {
                throw file.refused(
                        "eos_token_id", found, "ids of " + BpeTokenizer.FILE + ", 0 to " + (tokenizer.size() - 1));
            }
            ids.add(value);
        }
        return ids;
    }
}
