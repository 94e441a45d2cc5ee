// SPDX-License-Identifier: Apache-2.0
package org.sextant.envs.gsm8k;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code {"question": …, "answer": …}}, one a line, and checks every line. */
final class ProblemFile {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final String WANTED = "{\"question\": \"…\", \"answer\": \"…\"} is wanted";

    private ProblemFile() {}

    /**
     * The problems in the order of their lines.
     *
     * @throws IllegalArgumentException that names the first line that is none, with the file and what is wrong
     * @throws UncheckedIOException if the file cannot be read
     */
    static List<WordProblem> read(Path file) {
        List<String> lines = lines(file);
        List<WordProblem> problems = new ArrayList<>(lines.size());
        for (int i = 0; i < lines.size(); i++) {
            try {
                problems.add(problem(lines.get(i)));
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException(
                        file + ":" + (i + 1) + ": not JSON: "
                                + e.getOriginalMessage().lines().findFirst().orElse(""),
                        e);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(file + ":" + (i + 1) + ": " + e.getMessage(), e);
            }
        }
        if (problems.isEmpty()) {
            throw new IllegalArgumentException(file + ": has no line; a question a line is needed");
        }
        return problems;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(
                    file + ": there is no such file; train.jsonl and test.jsonl of GSM8K are at"
                            + " github.com/openai/grade-school-math, in grade_school_math/data",
                    e);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(file + ": is not encoded in UTF-8", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static WordProblem problem(String line) throws JsonProcessingException {
        if (line.isBlank()) {
            throw new IllegalArgumentException("the line is empty; " + WANTED);
        }
        JsonNode tree = JSON.readTree(line);
        return new WordProblem(text(tree, "question"), text(tree, "answer"));
    }

    private static String text(JsonNode tree, String key) {
        if (!tree.path(key).isTextual()) {
            throw new IllegalArgumentException(
                    (tree.has(key) ? key + " is no text; " : "has no " + key + "; ") + WANTED);
        }
        return tree.get(key).textValue();
    }
}
