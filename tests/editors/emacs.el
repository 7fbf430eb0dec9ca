;;; emacs.el --- Emacs with eglot as a client of `layerwise lsp'  -*- lexical-binding: t -*-
;;
;; Usage: LAYERWISE=path/to/layerwise RESULT=file emacs --batch -l tests/editors/emacs.el Dockerfile

(require 'package)
(package-initialize)
(require 'eglot)
(require 'flymake)

(defun say (title lines)
  "Write a TITLE and LINES to the file of results."
  (write-region (concat "== " title "\n" (mapconcat (lambda (it) (concat it "\n")) lines ""))
                nil (getenv "RESULT") t 'quiet))

(defun text ()
  "The lines of the buffer."
  (split-string (buffer-substring-no-properties (point-min) (point-max)) "\n" t))

(defun wait-for (what done)
  "Wait until DONE says so; WHAT is said if that takes too long."
  (let ((end (time-add (current-time) 30)))
    (while (and (not (funcall done)) (time-less-p (current-time) end))
      (accept-process-output nil 0.05))
    (unless (funcall done)
      (say (concat "nothing came of " what) (text))
      (kill-emacs 1))))

(defun diagnostics ()
  "What flymake shows."
  (sort (mapcar (lambda (it)
                  (format "%d %s" (line-number-at-pos (flymake-diagnostic-beg it))
                          (car (split-string (flymake-diagnostic-text it) "\n"))))
                (flymake-diagnostics))
        #'string<))

(defun go-to (line column)
  "Move to LINE and COLUMN."
  (goto-char (point-min))
  (forward-line (1- line))
  (forward-char column))

(define-derived-mode dockerfile-mode prog-mode "Dockerfile")

(condition-case problem
    (progn
      (setq eglot-sync-connect 30 eglot-send-changes-idle-time 0)
      (add-to-list 'eglot-server-programs
                   (cons 'dockerfile-mode (list (getenv "LAYERWISE") "lsp")))
      (find-file (expand-file-name "Dockerfile"))
      (dockerfile-mode)
      (apply #'eglot (eglot--guess-contact))
      (flymake-start)
      (wait-for "the diagnostics" (lambda () (flymake-diagnostics)))
      (say "diagnostics" (diagnostics))

      (go-to 2 6)
      (let* ((actions (eglot-code-actions (line-beginning-position) (line-end-position) "quickfix"))
             (titled (lambda (it) (equal (plist-get it :title) "Add `-y` (DL3014)")))
             (fix (seq-find titled actions)))
        (eglot--apply-workspace-edit (plist-get fix :edit)))
      (say "fixed" (text))
      (eglot--signal-textDocument/didChange)
      (wait-for "the diagnostics of the fixed text" (lambda () (not (flymake-diagnostics))))
      (say "diagnostics" (diagnostics))

      (go-to 4 12)
      (let ((found (eglot-completion-at-point)))
        (say "completion" (mapcar #'substring-no-properties (all-completions "" (nth 2 found)))))

      (go-to 1 18)
      (eglot-rename "builder")
      (say "renamed" (text))
      (say "formats" (list (if (or (eglot--server-capable :documentFormattingProvider)
                                   (eglot--server-capable :documentRangeFormattingProvider))
                               "true" "false")))
      ;; There is no formatter: asking for one leaves the text as it is, indentation included.
      (goto-char (point-max))
      (insert "\n  WORKDIR   /x  \n")
      (ignore-errors (eglot-format-buffer))
      (say "formatted" (split-string (buffer-substring-no-properties (point-min) (1- (point-max))) "\n"))
      (set-buffer-modified-p nil))
  (error (say "failed" (list (error-message-string problem)))))
