// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A directory as the Hugging Face hub has it, on questions in files: trained, saved, asked. The model has more ids than its tokenizer. */
class HubModelTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CHARACTERS = "0123456789abcdefghijklmnopqrstuvwxyz+-*=?#.,$ \n";

    @TempDir
    Path folder;

    private Path file;

    private record Outcome(int exit, String out, String err) {}

    @BeforeEach
    void write() throws IOException {
        Path model = Files.createDirectories(folder.resolve("start"));
        for (String name : List.of("config.json", "model.safetensors")) {
            try (InputStream in = HubModelTest.class.getResourceAsStream("/golden/models/llama/" + name)) {
                Files.copy(in, model.resolve(name));
            }
        }
        Files.writeString(model.resolve("tokenizer.json"), tokenizer());
        Files.writeString(model.resolve("tokenizer_config.json"), "{\"bos_token\": \"<s>\", \"eos_token\": \"</s>\"}");
        Files.writeString(folder.resolve("train.jsonl"), questions("+"));
        Files.writeString(folder.resolve("test.jsonl"), questions("*"));
        file = Files.writeString(folder.resolve("hub.conf"), """
            name = hub
            kernels = reference
            model.path = "FOLDER/start"
            task { name = gsm8k, train = "FOLDER/train.jsonl", test = "FOLDER/test.jsonl", template = "what is {question}?\\n" }
            reward { name = last-number, require-finished = false }
            sampling { max-new-tokens = 6, stop-strings = ["zz"] }
            evaluation { questions = 4 }
            phases = [
              { kind = sft, steps = 1, rows-per-step = 4 }
              { kind = rl, steps = 2, prompts-per-step = 2, algorithm { name = grpo, samples-per-prompt = 4 } }
            ]
            """.replace("FOLDER", folder.toString()));
    }

    /** One id a character, behind the ids that the golden config gives to where sequences begin and end. */
    private static String tokenizer() {
        ObjectNode root = JSON.createObjectNode().put("version", "1.0");
        ObjectNode model = JSON.createObjectNode().put("type", "BPE").put("ignore_merges", false);
        model.putArray("merges");
        ObjectNode vocabulary =
                model.putObject("vocab").put("<unused>", 0).put("<s>", 1).put("</s>", 2);
        CHARACTERS.chars().forEach(c -> vocabulary.put(Character.toString(c), vocabulary.size()));
        Stream.of("<s>", "</s>")
                .forEach(token -> root.withArray("added_tokens")
                        .addObject()
                        .put("id", vocabulary.get(token).intValue())
                        .put("content", token)
                        .put("special", true)
                        .put("single_word", false)
                        .put("lstrip", false)
                        .put("rstrip", false)
                        .put("normalized", false));
        ObjectNode template = root.putObject("post_processor").put("type", "TemplateProcessing");
        template.withArray("single").addObject().putObject("SpecialToken").put("id", "<s>");
        template.withArray("single").addObject().putObject("Sequence").put("id", "A");
        template.putObject("special_tokens").putObject("<s>").putArray("ids").add(1);
        root.putObject("decoder").put("type", "Fuse");
        root.set("model", model);
        return root.toString();
    }

    private static String questions(String operator) {
        StringBuilder lines = new StringBuilder();
        for (int n = 1; n <= 6; n++) {
            int result = operator.equals("+") ? n + 2 : n * 2;
            String sum = n + operator + 2;
            lines.append("{\"question\": \"" + sum + "\", \"answer\": \"" + sum + " is <<" + sum + "=" + result + ">>"
                    + result + "\\n#### " + result + "\"}\n");
        }
        return lines.toString();
    }

    private static Outcome rl(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exit = Main.run(
                arguments,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Outcome(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private Outcome train() {
        return rl("train", file.toString(), "--set", "run.dir=" + folder.resolve("run"));
    }

    @Test
    void trainsSavesAndAnswers() throws IOException {
        Outcome trained = train();
        assertThat(trained.err()).isEmpty();
        assertThat(trained.exit()).isEqualTo(ExitCode.OK);
        for (String name : List.of("tokenizer.json", "tokenizer_config.json")) {
            assertThat(folder.resolve("run/model").resolve(name))
                    .hasSameBinaryContentAs(folder.resolve("start/" + name));
        }
        String answers = Files.readString(folder.resolve("run/eval.jsonl"));
        assertThat(answers).contains("gsm8k/test/4", "steps-1", "what is 4*2?");
        Outcome generated =
                rl("generate", folder.resolve("run").toString(), "--json", "--max-new-tokens", "5", "what is 1+2?");
        assertThat(generated.exit()).isEqualTo(ExitCode.OK);
        String answer = JSON.readTree(generated.out()).get("answer").textValue();
        assertThat(answer.chars()).allMatch(c -> CHARACTERS.indexOf(c) >= 0 || "<unused>".indexOf(c) >= 0);
    }

    @Test
    void damagedQuestionsAndTokenizersStopARunBeforeItBegins() throws IOException {
        Files.writeString(folder.resolve("test.jsonl"), questions("*") + "{}\n");
        Outcome trained = train();
        assertThat(trained.exit()).isEqualTo(ExitCode.INPUT);
        assertThat(trained.err()).contains(folder.resolve("test.jsonl") + ":7: has no question");
        Files.writeString(folder.resolve("start/tokenizer.json"), "{\"model\": {\"type\": \"Unigram\"}}");
        trained = train();
        assertThat(trained.exit()).isEqualTo(ExitCode.INPUT);
        assertThat(trained.err()).contains("tokenizer.json: model.type is \"Unigram\"");
        assertThat(folder.resolve("run")).doesNotExist();
    }

    @Test
    void aModelWithoutATokenizerIsExportedAndADamagedOneStopsItBeforeAnythingIsWritten() throws IOException {
        Path start = folder.resolve("start");
        Path out = folder.resolve("out");
        Files.writeString(start.resolve("tokenizer.json"), "{\"model\": {\"type\": \"Unigram\"}}");
        Outcome exported = rl("export", start.toString(), out.toString());
        assertThat(exported.exit()).isEqualTo(ExitCode.INPUT);
        assertThat(exported.err()).contains("tokenizer.json: model.type is \"Unigram\"");
        assertThat(out).doesNotExist();
        Files.delete(start.resolve("tokenizer.json"));
        exported = rl("export", start.toString(), out.toString(), "--type", "bf16");
        assertThat(exported).isEqualTo(new Outcome(ExitCode.OK, exported.out(), ""));
        assertThat(exported.out()).isEqualTo("wrote " + out + ", without a tokenizer: " + start + " has none\n");
        assertThat(out.toFile().list())
                .containsExactlyInAnyOrder("config.json", "model.safetensors", "tokenizer_config.json");
        exported = rl("export", start.toString(), out.toString());
        assertThat(exported.err()).contains(out + " is not an empty directory");
    }

    @Test
    void aQuestionWithoutRoomForAnAnswerIsNamedBeforeTheRunBegins() throws IOException {
        String lines = questions("+");
        String longer = lines.replaceFirst("3\\+2", "3" + "+2".repeat(300));
        Files.writeString(folder.resolve("train.jsonl"), longer);
        Outcome trained = train();
        assertThat(trained.exit()).isEqualTo(ExitCode.INPUT);
        assertThat(trained.err())
                .contains("question 'gsm8k/train/3' has 6")
                .contains(" tokens, the model's context ")
                .contains("at least one is needed for an answer; leave the question out");
        assertThat(folder.resolve("run")).doesNotExist();
        Files.writeString(
                folder.resolve("train.jsonl"), lines.replaceFirst("5\\+2 is", "5+2" + " ".repeat(300) + "is"));
        assertThat(train().err()).contains("question 'gsm8k/train/5' has").contains("its demonstration and the end");
        Files.writeString(folder.resolve("train.jsonl"), lines);
        Files.writeString(folder.resolve("test.jsonl"), questions("*").replaceFirst("2\\*2", "2" + "*2".repeat(300)));
        assertThat(train().err()).contains("question 'gsm8k/test/2' has 6");
    }
}
