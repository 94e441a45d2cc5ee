// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.sextant.models.transformer.AdapterSettings;
import org.sextant.models.transformer.Family;

/**
 * {@code adapter_config.json} of a LoRA adapter as PEFT writes and reads it. A setting that would change what is computed and is not built here is
 * refused by name.
 *
 * @param base what the adapter was made for: a directory, or a name on the hub
 * @param heads names of the heads that are saved whole beside it
 */
public record AdapterConfigFile(AdapterSettings settings, String base, SortedSet<String> heads) {
    public static final String NAME = "adapter_config.json";

    /** Settings that must be absent, null, false, empty, or as here. */
    private static final List<String> NOT_BUILT = List.of(
            "alpha_pattern",
            "rank_pattern",
            "exclude_modules",
            "layers_to_transform",
            "layers_pattern",
            "layer_replication",
            "lora_bias",
            "megatron_config",
            "target_parameters",
            "trainable_token_indices",
            "use_dora",
            "use_qalora");

    /** How factors began where the model's weights stayed what they were; PiSSA, LoftQ, OLoRA, CorDA and others took something out of them. */
    private static final List<String> INITS = List.of("true", "false", "gaussian");

    private static final String LANGUAGE_MODEL = "CAUSAL_LM";
    private static final String CLASSIFIER = "SEQ_CLS";
    private static final String SCORE = "score";
    private static final String TARGETS = "target_modules";
    private static final String ALLOWED_TARGETS =
            "a list of module names, such as [\"q_proj\", \"v_proj\"], or \"all-linear\"";
    /** The number of a layer in the path of a module. */
    private static final Pattern LAYER = Pattern.compile("(^|\\.)\\d+(\\.|$)");

    private static final String BASE = "base_model_name_or_path";

    /** PEFT names both for every classifier, and saves the one that the model has. */
    private static final List<String> CLASSIFIER_MODULES = List.of("classifier", SCORE);

    private static final Set<String> SAVED_HEADS = Set.of(SCORE, "value_head");

    /** @throws ModelFileException if the file is missing, is not such a config, or asks for something that is not built here */
    public static AdapterConfigFile read(Path directory) {
        JsonFile file = JsonFile.read(directory.resolve(NAME));
        file.requireText("peft_type", "LORA");
        if (file.has("bias")) {
            file.requireText("bias", "none");
        }
        NOT_BUILT.forEach(file::refuse);
        file.requireAmong("init_lora_weights", INITS);
        file.requireAmong("task_type", List.of(LANGUAGE_MODEL, CLASSIFIER));
        double dropout = file.decimal("lora_dropout", 0);
        if (!(dropout >= 0 && dropout < 1)) {
            throw file.refused("lora_dropout", dropout, "a number from 0 to below 1");
        }
        AdapterSettings settings = new AdapterSettings(
                file.size("r", ModelConfigFile.LARGEST),
                file.positive("lora_alpha", 8),
                dropout,
                targets(file),
                file.bool("use_rslora", false));
        return new AdapterConfigFile(settings, base(file), heads(file));
    }

    private static SortedSet<String> heads(JsonFile file) {
        boolean classifies = file.text("task_type", LANGUAGE_MODEL).equals(CLASSIFIER);
        Set<String> known = new TreeSet<>(SAVED_HEADS);
        known.addAll(classifies ? CLASSIFIER_MODULES : List.of());
        SortedSet<String> heads = new TreeSet<>();
        for (String module : file.texts("modules_to_save")) {
            if (!known.contains(module)) {
                throw file.refused("modules_to_save", module, known.toString());
            }
            heads.add(classifies && CLASSIFIER_MODULES.contains(module) ? SCORE : module);
        }
        return heads;
    }

    private static List<String> targets(JsonFile file) {
        List<String> targets = file.texts(TARGETS);
        if (targets.isEmpty()) {
            throw file.refused(TARGETS, "empty", ALLOWED_TARGETS);
        }
        if (file.root().path(TARGETS).isTextual() && !targets.equals(AdapterSettings.ALL_LINEAR)) {
            throw file.refused(
                    TARGETS, "the pattern " + targets.getFirst(), ALLOWED_TARGETS + "; write out what it finds");
        }
        for (String target : targets) {
            if (LAYER.matcher(target).find()) {
                throw file.refused(TARGETS, target, ALLOWED_TARGETS + "; adapters of single layers are not built");
            }
        }
        return targets;
    }

    private static String base(JsonFile file) {
        String base = file.text(BASE);
        try {
            Path.of(base);
        } catch (InvalidPathException e) {
            throw file.refused(BASE, base, "a directory, or a name on the hub");
        }
        return base;
    }

    /** With a score head it is the adapter of a classifier. */
    public void write(Path directory, Family family) {
        boolean classifies = heads.contains(SCORE);
        Set<String> saved = new TreeSet<>(heads);
        saved.addAll(classifies ? CLASSIFIER_MODULES : List.of());
        ObjectNode root = PrettyJson.object();
        root.putObject("alpha_pattern");
        root.putNull("auto_mapping");
        root.put(BASE, base);
        root.put("bias", "none");
        root.put("fan_in_fan_out", family == Family.GPT2);
        root.put("inference_mode", true);
        root.put("init_lora_weights", true);
        root.putNull("layers_pattern");
        root.putNull("layers_to_transform");
        if (settings.alpha() == Math.rint(settings.alpha()) && settings.alpha() <= Integer.MAX_VALUE) {
            root.put("lora_alpha", (int) settings.alpha());
        } else {
            root.put("lora_alpha", settings.alpha());
        }
        root.put("lora_dropout", settings.dropout());
        if (heads.isEmpty()) {
            root.putNull("modules_to_save");
        } else {
            saved.forEach(root.putArray("modules_to_save")::add);
        }
        root.put("peft_type", "LORA");
        root.put("r", settings.rank());
        root.putObject("rank_pattern");
        root.putNull("revision");
        if (settings.targets().equals(AdapterSettings.ALL_LINEAR)) {
            root.put(TARGETS, settings.targets().getFirst());
        } else {
            settings.targets().forEach(root.putArray(TARGETS)::add);
        }
        root.put("task_type", classifies ? CLASSIFIER : LANGUAGE_MODEL);
        root.put("use_dora", false);
        root.put("use_rslora", settings.rankStabilised());
        WholeFile.writeText(directory.resolve(NAME), PrettyJson.text(root));
    }

    /**
     * The directory of the model that the adapter is for.
     *
     * @param directory of the adapter
     * @throws ModelFileException if there is no model
     */
    public Path requireBase(Path directory) {
        Path whole = Path.of(base);
        if (!Files.exists(whole.resolve(ModelConfigFile.NAME))) {
            throw new ModelFileException(
                    directory.resolve(NAME) + ": " + BASE + " is \"" + Shown.text(base) + "\", and "
                            + (isIn(whole)
                                    ? "that is an adapter itself; fold it into its model with ./rl export"
                                    : "no model is there; set it to the directory where the adapter's model is now"));
        }
        return whole;
    }

    /** Whether a directory holds an adapter instead of a whole model. */
    public static boolean isIn(Path directory) {
        return Files.exists(directory.resolve(NAME));
    }
}
