"""The screening questions as they are printed, by their codes, in English and Spanish."""

QUESTIONS: dict[str, tuple[str, str]] = {
    "sick_today": ("Are you feeling sick today?", "¿Se siente enfermo o enferma hoy?"),
    "previous_dose": (
        "Have you ever received a dose of a COVID-19 vaccine?",
        "¿Ha recibido alguna vez una dosis de una vacuna contra el COVID-19?",
    ),
    "severe_reaction_dose": (
        "Have you ever had a severe allergic reaction (such as anaphylaxis) after a COVID-19 vaccine?",
        "¿Ha tenido alguna vez una reacción alérgica grave (por ejemplo, anafilaxia) después de una vacuna contra el "
        "COVID-19?",
    ),
    "allergy_ingredient": (
        "Have you ever had an allergic reaction to an ingredient of a COVID-19 vaccine, such as polyethylene "
        "glycol (PEG), found in some laxatives and preparations for colonoscopy?",
        "¿Ha tenido alguna vez una reacción alérgica a un componente de una vacuna contra el COVID-19, como el "
        "polietilenglicol (PEG), que se encuentra en algunos laxantes y preparados para la colonoscopia?",
    ),
    "allergy_polysorbate": (
        "… to polysorbate, found in some vaccines, film-coated tablets and steroids?",
        "… al polisorbato, que se encuentra en algunas vacunas, comprimidos recubiertos y esteroides?",
    ),
    "allergy_previous_dose": (
        "… to a previous dose of a COVID-19 vaccine?",
        "… a una dosis anterior de una vacuna contra el COVID-19?",
    ),
    "allergy_other_vaccine": (
        "Have you ever had an allergic reaction to another vaccine or to an injected medicine?",
        "¿Ha tenido alguna vez una reacción alérgica a otra vacuna o a un medicamento inyectado?",
    ),
    "severe_reaction_other": (
        "Have you ever had a severe allergic reaction (such as anaphylaxis) to anything else: food, a pet, "
        "something in the environment, a medicine by mouth?",
        "¿Ha tenido alguna vez una reacción alérgica grave (por ejemplo, anafilaxia) a otra cosa: un alimento, una "
        "mascota, algo del ambiente o un medicamento tomado por la boca?",
    ),
    "vaccine_14_days": (
        "Have you received any vaccine in the last 14 days?",
        "¿Ha recibido alguna vacuna en los últimos 14 días?",
    ),
    "covid_positive": (
        "Have you ever had a positive test for COVID-19, or has a doctor told you that you had it?",
        "¿Ha tenido alguna vez una prueba positiva de COVID-19, o le ha dicho un médico que tuvo la enfermedad?",
    ),
    "antibodies_90_days": (
        "Have you received antibodies (monoclonal antibodies or convalescent serum) as treatment for COVID-19 "
        "in the last 90 days?",
        "¿Ha recibido anticuerpos (anticuerpos monoclonales o suero de convaleciente) como tratamiento para el "
        "COVID-19 en los últimos 90 días?",
    ),
    "weak_immune_system": (
        "Do you have a weakened immune system, from HIV or cancer for instance, or take medicines that weaken it?",
        "¿Tiene el sistema inmunitario debilitado, por ejemplo por el VIH o el cáncer, o toma medicamentos que lo "
        "debilitan?",
    ),
    "bleeding_disorder": (
        "Do you have a bleeding disorder or take a blood thinner?",
        "¿Tiene un trastorno de la coagulación o toma un anticoagulante?",
    ),
    "pregnant": ("Are you pregnant or breastfeeding?", "¿Está embarazada o amamantando?"),
    "clots_low_platelets": (
        "Have you had blood clots together with low platelets, such as after heparin, in the last 90 days?",
        "¿Ha tenido en los últimos 90 días coágulos de sangre junto con plaquetas bajas, por ejemplo después de "
        "recibir heparina?",
    ),
    "dermal_fillers": ("Do you have dermal fillers?", "¿Tiene rellenos dérmicos?"),
}
