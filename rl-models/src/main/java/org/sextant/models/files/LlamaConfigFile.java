// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.sextant.models.transformer.TransformerConfig;

/**
 * {@code config.json} of a Llama model, as {@code transformers} writes and reads it. An architecture or option that would change what is
 * computed and is not built here is refused by name; keys without influence on the computation are passed over.
 */
public final class LlamaConfigFile {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final Path path;
    private final JsonNode root;

    private LlamaConfigFile(Path path, JsonNode root) {
        this.path = path;
        this.root = root;
    }

    /** @throws ModelFileException if the file is missing, is not such a config, or asks for something that is not built here */
    public static TransformerConfig read(Path path) {
        try {
            return new LlamaConfigFile(path, JSON.readTree(Files.readAllBytes(path))).read();
        } catch (JsonProcessingException e) {
            throw new ModelFileException(path + " is not JSON: " + ModelFileException.words(e), e);
        } catch (IOException e) {
            throw ModelFileException.of("read", path, e);
        } catch (IllegalArgumentException e) {
            throw new ModelFileException(path + ": " + e.getMessage(), e);
        }
    }

    private TransformerConfig read() {
        if (!root.isObject()) {
            throw new ModelFileException(path + " is not a JSON object");
        }
        refuseWhatIsNotBuilt();
        int hidden = integer("hidden_size");
        int heads = integer("num_attention_heads");
        return new TransformerConfig(
                integer("vocab_size"),
                hidden,
                integer("num_hidden_layers"),
                heads,
                integer("num_key_value_heads", heads),
                integer("head_dim", hidden / Math.max(heads, 1)),
                integer("intermediate_size"),
                integer("max_position_embeddings", 2048),
                ropeTheta(),
                decimal(root.path("rms_norm_eps"), "rms_norm_eps", 1e-6),
                bool("tie_word_embeddings"),
                ids("eos_token_id"),
                ids("bos_token_id").stream().mapToInt(Integer::intValue).findFirst());
    }

    private void refuseWhatIsNotBuilt() {
        requireText("model_type", root.path("model_type"), "llama");
        for (JsonNode architecture : root.path("architectures")) {
            requireText("architectures", architecture, "LlamaForCausalLM");
        }
        requireText("hidden_act", root.path("hidden_act"), "silu");
        for (String bias : List.of("attention_bias", "mlp_bias")) {
            if (bool(bias)) {
                throw refused(bias, "true", "false: projections have no bias");
            }
        }
        requirePlainRope("rope_scaling");
        requirePlainRope("rope_parameters");
        if (root.hasNonNull("quantization_config")) {
            throw refused("quantization_config", "given", "none: weights are F32, F64, F16 or BF16");
        }
    }

    private void requireText(String key, JsonNode found, String allowed) {
        if (!found.isMissingNode() && !allowed.equals(found.textValue())) {
            throw refused(key, found.toString(), "\"" + allowed + "\"");
        }
    }

    private void requirePlainRope(String key) {
        JsonNode block = root.path(key);
        JsonNode kind = block.has("rope_type") ? block.get("rope_type") : block.path("type");
        boolean plain = kind.isMissingNode() ? !block.has("factor") : "default".equals(kind.textValue());
        if (!block.isNull() && !plain) {
            throw refused(key, block.toString(), "null or rope_type \"default\": plain rotary positions");
        }
    }

    private ModelFileException refused(String key, String found, String allowed) {
        return new ModelFileException(path + ": " + key + " is " + found + "; supported is " + allowed);
    }

    private double ropeTheta() {
        JsonNode block = root.path("rope_parameters").path("rope_theta");
        return decimal(block.isMissingNode() ? root.path("rope_theta") : block, "rope_theta", 10_000);
    }

    private int integer(String key) {
        if (!root.hasNonNull(key)) {
            throw new ModelFileException(path + " lacks " + key);
        }
        return integer(key, 0);
    }

    private int integer(String key, int otherwise) {
        JsonNode found = root.path(key);
        if (found.isMissingNode() || found.isNull()) {
            return otherwise;
        }
        if (!found.isIntegralNumber() || !found.canConvertToInt()) {
            throw refused(key, found.toString(), "a whole number");
        }
        return found.intValue();
    }

    private double decimal(JsonNode found, String key, double otherwise) {
        if (found.isMissingNode() || found.isNull()) {
            return otherwise;
        }
        if (!found.isNumber()) {
            throw refused(key, found.toString(), "a number");
        }
        return found.doubleValue();
    }

    private boolean bool(String key) {
        JsonNode found = root.path(key);
        if (!found.isMissingNode() && !found.isNull() && !found.isBoolean()) {
            throw refused(key, found.toString(), "true or false");
        }
        return found.booleanValue();
    }

    private List<Integer> ids(String key) {
        JsonNode found = root.path(key);
        if (found.isMissingNode() || found.isNull()) {
            return List.of();
        }
        Iterable<JsonNode> ids = found.isArray() ? found : List.of(found);
        return StreamSupport.stream(ids.spliterator(), false)
                .map(id -> {
                    if (!id.isIntegralNumber() || !id.canConvertToInt()) {
                        throw refused(key, found.toString(), "an id or a list of ids");
                    }
                    return id.intValue();
                })
                .toList();
    }

    /** @param type in which the weights are saved beside it */
    public static void write(Path path, TransformerConfig c, ElementType type) {
        ObjectNode root = JSON.createObjectNode();
        root.putArray("architectures").add("LlamaForCausalLM");
        root.put("attention_bias", false);
        root.put("attention_dropout", 0.0);
        root.put("bos_token_id", c.bos().isPresent() ? (Integer) c.bos().getAsInt() : null);
        switch (c.eos().size()) {
            case 0 -> root.putNull("eos_token_id");
            case 1 -> root.put("eos_token_id", c.eos().getFirst());
            default -> c.eos().forEach(root.putArray("eos_token_id")::add);
        }
        root.put("head_dim", c.headSize());
        root.put("hidden_act", "silu");
        root.put("hidden_size", c.hidden());
        root.put("initializer_range", 0.02);
        root.put("intermediate_size", c.intermediate());
        root.put("max_position_embeddings", c.context());
        root.put("mlp_bias", false);
        root.put("model_type", "llama");
        root.put("num_attention_heads", c.heads());
        root.put("num_hidden_layers", c.layers());
        root.put("num_key_value_heads", c.keyValueHeads());
        root.put("pretraining_tp", 1);
        root.put("rms_norm_eps", c.normEpsilon());
        root.putNull("rope_scaling");
        root.put("rope_theta", c.ropeTheta());
        root.put("tie_word_embeddings", c.tied());
        root.put("torch_dtype", type == ElementType.F64 ? "float64" : "float32");
        root.put("use_cache", true);
        root.put("vocab_size", c.vocabulary());
        WholeFile.writeText(path, pretty(root) + "\n");
    }

    private static String pretty(ObjectNode root) {
        Separators colon = Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER);
        try {
            return JSON.writer(new DefaultPrettyPrinter(colon)).writeValueAsString(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of texts and numbers is always JSON", e);
        }
    }
}
