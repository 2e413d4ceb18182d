"""The learner's doors: the path, levels, activities (one file of views for each kind), requests."""

from django.urls import path

from jalon.training import views, views_case, views_lesson, views_quiz, views_reflection

app_name = "training"
LEVEL = "programs/<slug:slug>/<slug:level>/"
LESSON = LEVEL + "lessons/<slug:lesson>/"
QUIZ = LEVEL + "quizzes/<slug:quiz>/"
CASE = LEVEL + "cases/<slug:case>/"
RUN = CASE + "runs/<int:number>/"
REFLECTION = LEVEL + "reflections/<slug:reflection>/"
QUESTION = REFLECTION + "<slug:question>/"
REQUEST = "requests/<uuid:pk>/"

urlpatterns = [
    path("path/", views.path, name="path"),
    path("programs/<slug:slug>/enrolment/", views.enrolment, name="enrolment"),
    path(LEVEL, views.level, name="level"),
    path(LEVEL + "award/", views.award, name="award"),
    path(LESSON, views_lesson.entrance, name="lesson-entrance"),
    path(LESSON + "<slug:part>/", views_lesson.lesson, name="lesson"),
    path(LESSON + "<slug:part>/reading/", views_lesson.reading, name="reading"),
    path(QUIZ, views_quiz.quiz, name="quiz"),
    path(QUIZ + "tries/<int:number>/", views_quiz.result, name="try"),
    path(CASE, views_case.case, name="case"),
    path(RUN, views_case.run, name="run"),
    path(RUN + "steps/<int:step>/", views_case.step, name="step"),
    path(RUN + "questions/", views_case.look_back, name="look-back"),
    path(RUN + "result/", views_case.debrief, name="debrief"),
    path(REFLECTION, views_reflection.entrance, name="reflection-entrance"),
    path(REFLECTION + "check/", views_reflection.check, name="check"),
    path(REFLECTION + "submission/", views_reflection.submission, name="submission"),
    path(QUESTION, views_reflection.question, name="reflection"),
    path(QUESTION + "draft/", views_reflection.draft, name="draft"),
    path(QUESTION + "versions/", views_reflection.versions, name="versions"),
    path(QUESTION + "versions/<int:revision>/restoration/", views_reflection.restoration, name="restoration"),
    path(REQUEST, views.request_page, name="request"),
    path(REQUEST + "withdrawal/", views.withdrawal, name="withdrawal"),
]
